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


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_values_are_roots(written):
    file = ROOT.TFile(str(written))
    equal, undrawn = 0, []
    for key in file.GetListOfKeys():
        if key.GetName() == "ranges":
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
