"""Objects that ROOT wrote, whole and split: our values are those that ROOT draws from them."""

import json
import re
import shutil

import numpy as np
import pytest
import ROOT

from conftest import TOP, rootlake


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The file that `objects.cxx` writes."""
    folder = tmp_path_factory.mktemp("objects")
    source = shutil.copy(TOP / "tests/outsider/objects.cxx", folder / "objects.cxx")
    assert ROOT.gSystem.CompileMacro(str(source), "kO", "", str(folder)) == 1
    ROOT.write(str(folder / "objects.root"))
    return folder / "objects.root"


def dumped(path, tree):
    """The entries of a tree, as `rootlake dump` prints them."""
    lines = rootlake("dump", "--json", f"{path}:{tree}").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def flat(value):
    """The numbers and texts in nested lists."""
    if isinstance(value, list):
        return [item for inner in value for item in flat(inner)]
    return [value]


def drawn(tree, column):
    """What ROOT draws of a column: all numbers of all entries, nothing where it cannot."""
    expression = re.sub(r"\[\d+\]", "", column)
    for name in (expression, expression.removeprefix("o.")):
        if (count := tree.Draw(name, "", "goff")) > 0:
            return np.frombuffer(tree.GetV1(), "f8", count).copy()
    return None


def same(ours, theirs):
    """Whether values are bit by bit the same: we write floats as short as they are read back."""
    floats = np.array(ours, "f4"), np.array(theirs, "f4")
    are_floats = np.array_equal(theirs, floats[1], equal_nan=True)
    return np.array_equal(*floats if are_floats else (ours, theirs), equal_nan=True)


# The trees of which ROOT draws what they hold.
DRAWN = [[name] for name in "hit scalars shorts counted containers track hits points".split()]
DRAWN += [[name] for name in "tracks clones".split()]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_values_are_roots(written):
    file = ROOT.TFile(str(written))
    equal, undrawn = 0, []
    for key in file.GetListOfKeys():
        # What is tested below, and the table of processes of references.
        if key.GetName().split("_")[-2:-1] not in DRAWN:
            continue
        tree = key.ReadObj()
        tree.SetEstimate(100_000)
        rows = dumped(written, key.GetName())
        assert len(rows) == 40
        for column in rows[0]:
            # fBits tells of the object in memory, and is drawn from there.
            ours = flat([row[column] for row in rows])
            if column.endswith("fBits") or any(isinstance(value, str) for value in ours):
                continue
            theirs = drawn(tree, column)
            if theirs is None:
                undrawn.append(f"{tree.GetName()} {column}")
                continue
            assert same(ours, theirs), (tree.GetName(), column)
            equal += 1
    print(f"{equal} columns equal; ROOT draws nothing of", undrawn)
    assert equal > 250


@pytest.mark.parametrize("split", [0, 1, 99])
def test_texts_and_containers_are_as_filled(written, split):
    hits, tracks, containers = (
        dumped(written, f"{name}_{split}") for name in ("hit", "track", "containers")
    )
    assert [row["o.name"] for row in hits] == [f"hit{entry}" for entry in range(40)]
    assert [row["o.name"] for row in tracks] == ["t" * entry for entry in range(40)]
    for entry, row in enumerate(containers):

        def member(name):
            # Where a map is split, its own name stands before its members' once more.
            return next(value for column, value in row.items() if column.endswith(name))

        keys = [f"k{index}" for index in range(entry % 4)]
        assert member("texts") == member("counts.first") == member("lists.first") == keys
        assert member("counts.second") == [entry] * len(keys)
        assert member("lists.second") == [[entry] * index for index in range(len(keys))]
        assert member("numbers") == [3 * index for index in range(len(keys))]


def test_ranges_of_short_floats_are_roots(written):
    file = ROOT.TFile(str(written))
    tree = file.Get("ranges")
    rows = dumped(written, "ranges")
    theirs = {leaf.GetName(): [] for leaf in tree.GetListOfLeaves()}
    for entry in range(tree.GetEntries()):
        tree.GetEntry(entry)
        for leaf in tree.GetListOfLeaves():
            theirs[leaf.GetName()] += [leaf.GetValue(index) for index in range(leaf.GetLen())]
    assert len(theirs) == 52
    for column, values in theirs.items():
        assert same(flat([row[column] for row in rows]), np.array(values)), column


def pointed(entry, value):
    """A pointer is a list of none or one; `filled` gives none each third time."""
    return [value] if entry % 3 else []


def pointers(e):
    return {
        "track.px": pointed(e, e),
        "track.name": pointed(e, "t" * e),
        "none.px": [],
        "point.x": pointed(e + 1, 1.25 * (e + 1)),
        "several.fX": [pointed(e, e), pointed(e + 1, e)],
        "several.fY": [pointed(e, 0), pointed(e + 1, 1)],
        "references.fSize": [0] if e % 2 else [],
        "numbers": [0.5 * e] * (e % 4),
        "tracks.px": [pointed(e + i, e + i) for i in range(e % 5)],
        "points.y": [pointed(e + i, -e - i) for i in range(e % 5)],
    }


def bits(e):
    def of(number, count):
        return [number >> bit & 1 == 1 for bit in range(count)]

    return {
        "flags": of(e * 37, 12),
        "nibbles": [of(e, 4)] * (e % 3),
        "colour": 300 if e % 2 else 301,
        "palette": [300] * (e % 3),
    }


def collections(e):
    clusters = range(e, e + e % 3)
    nested = [range(c + 1, c + 1 + (c + 1) % 4) for c in clusters]
    return {
        "before": e,
        "tracks.px": [e + i for i in range(e % 4)],
        "tracks.hits": [[e + i] * ((e + i) % 3) for i in range(e % 4)],
        # A pointer to a collection.
        "clusters.id": [list(clusters)],
        "clusters.samples": [[[0.25 * c] * (c % 3) for c in clusters]],
        "clusters.name": [[f"c{c}" for c in clusters]],
        "clusters.tracks.px": [[list(tracks) for tracks in nested]],
        "clusters.tracks.vertex.fZ": [[[2] * len(tracks) for tracks in nested]],
        "singly.channel": [-c for c in clusters],
        "singly.tracks.name": [["t" * t for t in tracks] for tracks in nested],
        "array.px": [pointed(e + i, e + i) for i in range(e % 4)],
        "list.fName": [[[f"n{e + i}"] for i in range(e % 4)]],
        "behind": [e + i for i in range(e % 3)],
    }


def looped(e):
    return {
        "points.y": [-e - i for i in range(e % 4)],
        "vectors.fX": [e] * (e % 3),
        "vectors.fY": list(range(e % 3)),
        "behind": e,
    }


@pytest.mark.parametrize("split", [0, 1, 99])
@pytest.mark.parametrize("filled", [pointers, bits, collections, looped])
def test_members_are_as_filled(written, split, filled):
    one = dumped(written, f"{filled.__name__}_{split}")
    many = dumped(written, f"many_{filled.__name__}_{0 if filled is looped else split}")
    if (filled, split) == (collections, 99):
        # Those of the object are split themselves, as the trees above are.
        one = dumped(written, "collections_1")
    for entry, (row, rows) in enumerate(zip(one, many)):
        row, rows = ({key.replace("[2]", ""): row[key] for key in row} for row in (row, rows))
        expected = [filled(entry + index) for index in range(max(1, entry % 4))]
        for name in expected[0]:
            assert row[f"o.{name}"] == expected[0][name], (entry, name)
            all_of_them = [each[name] for each in expected][: entry % 4]
            assert rows[f"o.{name}"] == all_of_them, (entry, name)


@pytest.mark.parametrize("split", [0, 1, 99])
def test_references_are_roots(written, split):
    file = ROOT.TFile(str(written))
    for many in ("", "many_"):
        name = f"{many}references_{split}"
        tree = file.Get(name)
        for entry, row in enumerate(dumped(written, name)):
            tree.GetEntry(entry)
            objects = list(tree.o) if many else [tree.o]
            # The upper byte is the number of the process in memory.
            ids = [
                [
                    of.one.GetUniqueID() & 0xFFFFFF,
                    [each.GetUniqueID() & 0xFFFFFF for each in of.several],
                    of.many.GetLast() + 1,
                    [of.many.GetUID(index) for index in range(of.many.GetLast() + 1)],
                ]
                for of in objects
            ]
            row = {key.replace("[2]", ""): row[key] for key in row}
            members = "one.fUniqueID several.fUniqueID many.fSize many.fUIDs".split()
            for index, member in enumerate(members):
                theirs = [each[index] for each in ids]
                assert row[f"o.{member}"] == (theirs if many else theirs[0]), (entry, member)


def test_what_entries_alone_tell_is_left_out(written):
    assert dumped(written, "derived_1") == [{"o.n": entry} for entry in range(40)]
    report = json.loads(rootlake("read", "--json", f"{written}:derived_1"))
    assert list(report["branches"]) == ["o.n"]
    assert "class TNamed behind a pointer to TObject" in report["left_out"]["o.object"]
