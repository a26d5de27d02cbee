"""What a union fills in for the branches that an input lacks is what ROOT and uproot call nothing."""

import json
import shutil
import subprocess

import awkward
import pytest
import ROOT
import uproot

from conftest import PROGRAM, TOP, rootlake

ENTRIES = 30
KINDS = """
    number short matrix leaves text counted string vector nested strings map momentum splitMomentum
    hit splitHit hits splitHits clones
""".split()


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    """Writes a tree with an entry number and branches of these kinds."""
    folder = tmp_path_factory.mktemp("unions")
    source = shutil.copy(TOP / "tests/outsider/unions.cxx", folder / "unions.cxx")
    assert ROOT.gSystem.CompileMacro(str(source), "kO", "", str(folder)) == 1

    def write(path, kinds):
        ROOT.write_kinds(str(path), ["entry", *kinds], ENTRIES)
        return path

    return write


# What uproot 5.7 reads nothing of: a ranged number within an object, objects member by member, and
# of no objects a list that ROOT writes no byte for.
NOT_BY_UPROOT = {"hit", "hits", "splitHits"}


def columns(path):
    """The values of all columns in each entry, without TObject's bits."""
    lines = rootlake("dump", "--json", f"{path}:tree").splitlines()
    drop_bits = lambda entry: {name: value for name, value in entry.items() if "fBits" not in name}
    return [drop_bits(json.loads(line)) for line in lines]


def flat(value):
    """The numbers and texts in nested lists and records."""
    if isinstance(value, dict):
        value = list(value.values())
    return [item for inner in value for item in flat(inner)] if isinstance(value, list) else [value]


def arrays(path):
    """All that uproot reads of each branch that holds values."""
    with uproot.open(path) as file:
        branches = file["tree"].iteritems(recursive=True)
        return {name: branch.array() for name, branch in branches if not branch.branches}


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_blank_entries(kind, first, write, tmp_path, capfd):
    others = [other for other in ("number", "vector") if other != kind]
    whole = write(tmp_path / "whole.root", [*others, kind])
    part = write(tmp_path / "part.root", others)
    merged = tmp_path / "merged.root"
    parts = [part, whole] if first else [whole, part]
    rootlake("merge", merged, *parts, "--schema", "union", "--verify", "full")
    filled = json.loads((tmp_path / "merged.json").read_text())["trees"][0]["filled"]
    assert filled and all(name == "n" or name.split(".")[0] == kind for name in filled)
    rootlake("check", merged)

    capfd.readouterr()
    file = ROOT.TFile(str(merged))
    tree = file.Get("tree")
    assert [tree.GetEntry(entry) > 0 for entry in range(2 * ENTRIES)] == 2 * ENTRIES * [True]
    assert capfd.readouterr().err == ""

    halves = columns(merged)[:ENTRIES], columns(merged)[ENTRIES:]
    of_part, of_whole = halves if first else reversed(halves)
    assert of_whole == columns(whole)
    known = columns(part)[0].keys()
    for entry, of_entry in zip(of_part, columns(part), strict=True):
        assert {name: entry[name] for name in known} == of_entry
        assert all(item in (0, "") for name in entry.keys() - known for item in flat(entry[name]))
    added = [item for entry in of_whole for name in entry.keys() - known for item in flat(entry[name])]
    assert any(item not in (0, "") for item in added)

    if kind not in NOT_BY_UPROOT:
        read, expected = arrays(merged), arrays(whole)
        assert sorted(read) == sorted(expected)
        rows = slice(ENTRIES, None) if first else slice(0, ENTRIES)
        for name, array in expected.items():
            assert awkward.array_equal(read[name][rows], array), name


@pytest.mark.parametrize("options", [[], ["--recluster", "1MB"]])
def test_blank_entries_stand_between_others(options, write, tmp_path):
    whole = write(tmp_path / "whole.root", ["number", "vector", "text"])
    part = write(tmp_path / "part.root", ["vector"])
    merged = tmp_path / "merged.root"
    rootlake("merge", merged, whole, part, whole, part, whole, "--schema", "union", *options)
    rootlake("check", merged)
    of_whole, found = columns(whole), columns(merged)
    parts = [found[first : first + ENTRIES] for first in range(0, 5 * ENTRIES, ENTRIES)]
    assert parts[0] == parts[2] == parts[4] == of_whole
    blank = [entry | {"number": 0, "text": ""} for entry in of_whole]
    assert parts[1] == parts[3] == blank


def test_a_whole_object_is_left_out(write, tmp_path):
    part = write(tmp_path / "0.root", ["splitMomentum", "splitHits"])
    other = write(tmp_path / "1.root", ["splitHits"])
    rootlake("merge", tmp_path / "merged.root", part, other, "--schema", "intersect")
    assert columns(tmp_path / "merged.root") == 2 * columns(other)


def test_an_array_is_not_filled_where_its_counter_says_otherwise(write, tmp_path):
    whole = write(tmp_path / "whole.root", ["counted"])
    part = write(tmp_path / "part.root", ["counter"])
    words = [PROGRAM, "merge", tmp_path / "merged.root", whole, part, "--schema", "union"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 5 and "n counts its items" in done.stderr
    assert not (tmp_path / "merged.root").exists()
