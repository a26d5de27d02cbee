"""Merged and multiplied files: ROOT and uproot read the inputs' entries, in order."""

import glob
import json
import zlib

import awkward as ak
import numpy as np
import pytest
import ROOT
import uproot

from conftest import FIXTURES, rootlake

LLLL = FIXTURES / "mc_363490.llll.4lep.root"
EMBEDDED = FIXTURES / "data_A.4lep.root"
BRANCHES = ["eventNumber", "lep_n", "lep_pt", "lep_isTightID", "XSection"]


def columns(*paths):
    """Some branches of several files in a row, as uproot reads them."""
    parts = [uproot.open(path)["mini"].arrays(BRANCHES) for path in paths]
    return ak.concatenate(parts)


def entries_for_root(path):
    """The number of entries for ROOT, which must read them all."""
    file = ROOT.TFile(str(path))
    tree = file.Get("mini")
    assert all(tree.GetEntry(entry) > 0 for entry in range(tree.GetEntries()))
    return tree.GetEntries()


def assert_equal(ours, theirs):
    assert len(ours) == len(theirs)
    for name in BRANCHES:
        assert ak.to_list(ours[name]) == ak.to_list(theirs[name]), name


@pytest.mark.parametrize(
    "division", [["--split", "60kB"], ["--split", "1MB"], ["--files", 3]], ids=lambda words: words[0] + str(words[1])
)
def test_parts_hold_the_whole(division, tmp_path, capfd):
    rootlake("multiply", LLLL, EMBEDDED, "--copies", 4, *division, "-o", tmp_path / "parts")
    parts = sorted(glob.glob(f"{tmp_path}/parts/*.root"))
    assert [name[-9:-5] for name in parts] == [f"_{number:03}" for number in range(len(parts))]
    if division[0] == "--files":
        assert len(parts) == 3
    once = columns(LLLL, EMBEDDED)
    assert_equal(columns(*parts), ak.concatenate([once] * 4))
    assert sum(map(entries_for_root, parts)) == 4 * len(once)
    chain = ROOT.TChain("mini")
    for part in parts:
        chain.Add(part)
    assert chain.GetEntries() == 4 * len(once)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("size", ["20kB", "1MB"])
@pytest.mark.parametrize("inputs", [[LLLL], [EMBEDDED], [LLLL, EMBEDDED, LLLL]], ids=len)
def test_reclustered_trees(inputs, size, tmp_path, capfd):
    path = tmp_path / "r.root"
    rootlake("merge", path, *inputs, "--recluster", size, "--verify", "full")
    assert_equal(columns(path), columns(*inputs))
    assert entries_for_root(path) == len(columns(*inputs))
    receipt = json.loads(path.with_suffix(".json").read_text())
    assert receipt["trees"][0]["verified"]["equal"] == 81
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("way", [["--copies", 3], ["--copies", 3, "--virtual"]], ids=len)
def test_receipts_tell_what_was_written(way, tmp_path):
    path = tmp_path / "m.root"
    rootlake("multiply", LLLL, *way, "--checksum-inputs", "-o", path)
    receipt = json.loads(path.with_suffix(".json").read_text())
    content = path.read_bytes()
    assert receipt["adler32"] == f"{zlib.adler32(content):08x}"
    assert receipt["bytes"] == len(content)
    assert receipt["inputs"][0]["adler32"] == f"{zlib.adler32(LLLL.read_bytes()):08x}"
    assert receipt["inputs"][0]["size"] == LLLL.stat().st_size
    assert receipt["trees"][0]["entries_out"] == entries_for_root(path)


def test_varied_copies_share_no_number(tmp_path):
    path = tmp_path / "v.root"
    rootlake("multiply", LLLL, "--copies", 5, "--vary", "eventNumber", "-o", path)
    numbers = uproot.open(path)["mini/eventNumber"].array(library="np")
    once = uproot.open(LLLL)["mini/eventNumber"].array(library="np")
    step = int(once.max() - once.min()) + 1
    copies = np.concatenate([once + copy * step for copy in range(5)])
    assert np.array_equal(numbers, copies.astype(numbers.dtype))
    assert len(set(numbers)) == 5 * len(set(once))


def test_baskets_of_uproot_get_keys_for_any_place(tmp_path, capfd):
    """uproot's keys have offsets of 32 bits: recompressed, they get those of 64."""
    source, path = tmp_path / "u.root", tmp_path / "m.root"
    lists = ak.Array([[entry] * (entry % 4) for entry in range(1000)])
    with uproot.recreate(source) as file:
        file["t"] = {"x": np.arange(1000, dtype="i4"), "v": lists}
    rootlake("multiply", source, "--copies", 2, "--compress", "zstd:1", "--verify", "full", "-o", path)
    tree = uproot.open(path)["t"]
    assert tree["x"].array().to_list() == list(range(1000)) * 2
    assert tree["v"].array().to_list() == lists.to_list() * 2
    # The first basket's key: its version tells of the width of its offsets.
    seek = tree["v"].member("fBasketSeek")[0]
    assert int.from_bytes(path.read_bytes()[seek + 4 : seek + 6], "big") > 1000
    frame = ROOT.RDataFrame("t", str(path))
    assert frame.Sum("x").GetValue() == 2 * sum(range(1000))
    assert frame.Define("s", "Sum(v)").Sum("s").GetValue() == 2 * ak.sum(lists)
