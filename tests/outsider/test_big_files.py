"""Files past 2 and 4 GB, sparse on disk: ours as ROOT and uproot read them, ROOT's as we do."""

import array
import json

import numpy as np
import pytest
import ROOT
import uproot

from conftest import TOP, rootlake


def test_ours_is_read_by_root_and_uproot(capfd):
    path = TOP / "target/tmp/big.root"
    if not path.exists():
        pytest.skip("NOT RUN: cargo test -p rootlake-io --test big_file has not written the file")
    assert path.stat().st_size > 1 << 32
    expected = np.arange(300) * 7
    assert np.array_equal(uproot.open(path)["t/x"].array(library="np"), expected)
    assert np.array_equal(ROOT.RDataFrame("t", str(path)).AsNumpy()["x"], expected)
    assert capfd.readouterr().err == ""


def by_root(path, holes):
    """A tree whose later baskets stand behind holes."""
    file = ROOT.TFile(str(path), "RECREATE")
    tree = ROOT.TTree("t", "")
    value = array.array("q", [0])
    tree.Branch("x", value, "x/L")
    for entry in range(300):
        value[0] = entry * 7
        tree.Fill()
        if entry % 100 == 99:
            tree.FlushBaskets()
            if holes:
                file.GetListOfFree().Last().SetFirst(file.GetEND() + 2_300_000_000)
                file.SetEND(file.GetEND() + 2_300_000_000)
    tree.Write()
    file.Close()
    return json.loads(rootlake("digest", "--json", f"{path}:t"))["trees"]["t"]


def test_roots_is_read_by_us(tmp_path):
    big, small = tmp_path / "big.root", tmp_path / "small.root"
    assert by_root(big, holes=True) == by_root(small, holes=False)
    assert big.stat().st_size > 1 << 32
