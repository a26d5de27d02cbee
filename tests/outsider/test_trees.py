"""Trees that we write: ROOT and uproot read the same values, ROOT-written files the same schema."""

import awkward as ak
import numpy as np
import pytest
import ROOT
import uproot

from conftest import FIXTURES, rootlake


def by_uproot(path):
    """All branches as awkward arrays."""
    tree = uproot.open(path)["mini"]
    return {name: tree[name].array() for name in tree.keys()}


def by_root(path):
    """All branches as RDataFrame gives them."""
    columns = ROOT.RDataFrame("mini", str(path)).AsNumpy()
    return {
        name: ak.Array([list(entry) for entry in values]) if values.dtype == object else values
        for name, values in columns.items()
    }


def assert_same(ours, theirs):
    assert sorted(ours) == sorted(theirs)
    for name in ours:
        assert len(ours[name]) == len(theirs[name]), name
        pair = [ak.Array(array) for array in (ours[name], theirs[name])]
        assert pair[0].ndim == pair[1].ndim, name
        if pair[0].ndim > 1:
            assert ak.all(ak.num(pair[0]) == ak.num(pair[1])), name
        values = [np.asarray(ak.flatten(array, axis=None)) for array in pair]
        assert np.array_equal(*values, equal_nan=values[0].dtype.kind == "f"), name


def schema(path):
    """Names, titles, classes and leaves of all branches, as ROOT sees them."""
    file = ROOT.TFile(str(path))
    tree = file.Get("mini")
    branches = [
        (
            branch.GetName(),
            branch.GetTitle(),
            branch.ClassName(),
            [(l.ClassName(), l.GetTitle(), l.IsUnsigned()) for l in branch.GetListOfLeaves()],
        )
        for branch in tree.GetListOfBranches()
    ]
    return tree.GetName(), tree.GetTitle(), branches


def clusters(path):
    """The first entries of the tree's clusters; none of a tree that was never flushed."""
    file = ROOT.TFile(str(path))
    tree = file.Get("mini")
    if tree.GetAutoFlush() <= 0:
        return []
    iterator = tree.GetClusterIterator(0)
    firsts = []
    while (first := iterator.Next()) < tree.GetEntries():
        firsts.append(first)
    return firsts


@pytest.mark.parametrize(
    "final_state, sample, written_by_root",
    [
        ("4lep", "llll", "mc_363490.llll.4lep.root"),
        ("4lep", "data_A", "data_A.4lep.root"),
        ("GamGam", "ggH125_gamgam", "mc_343981.ggH125_gamgam.GamGam.root"),
    ],
)
@pytest.mark.parametrize("codec", ["none", "zlib:1", "lz4", "zstd", "lzma:1"])
def test_generated_trees(final_state, sample, written_by_root, codec, tmp_path, capfd):
    path = tmp_path / "g.root"
    rootlake(
        *("generate", "--final-state", final_state, "--sample", sample, "--events", 700),
        *("--cluster", 300, "--compress", codec, "-o", path),
    )
    assert schema(path) == schema(FIXTURES / written_by_root)
    assert clusters(path) == [0, 300, 600]
    ours = by_uproot(path)
    assert len(ours) == 81 and len(ours["lep_n"]) == 700
    assert_same(by_root(path), ours)
    counts = ours["lep_n"] if final_state == "4lep" else ours["photon_n"]
    assert ak.sum(counts) > 700
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.root")), ids=lambda path: path.name)
def test_multiplied_trees(path, tmp_path, capfd):
    multiplied = tmp_path / "m.root"
    rootlake("multiply", path, "--copies", 3, "-o", multiplied)
    original = by_uproot(path)
    thrice = {name: ak.concatenate([array] * 3) for name, array in original.items()}
    assert_same(by_uproot(multiplied), thrice)
    assert_same(by_root(multiplied), thrice)
    assert schema(multiplied) == schema(path)
    entries = len(original["lep_n"])
    if once := clusters(path):
        expected = [copy * entries + first for copy in range(3) for first in once]
        assert clusters(multiplied) == expected
    assert capfd.readouterr().err == ""


def test_roots_merger_takes_our_trees(tmp_path):
    parts = [tmp_path / "a.root", tmp_path / "b.root"]
    for seed, part in enumerate(parts):
        rootlake(
            *("generate", "--final-state", "4lep", "--sample", "llll", "--events", 400),
            *("--seed", seed, "-o", part),
        )
    merger = ROOT.TFileMerger(False)
    merger.OutputFile(str(tmp_path / "sum.root"))
    for part in parts:
        merger.AddFile(str(part))
    assert merger.Merge()
    a, b = map(by_uproot, parts)
    assert_same(by_uproot(tmp_path / "sum.root"), {k: ak.concatenate([a[k], b[k]]) for k in a})
