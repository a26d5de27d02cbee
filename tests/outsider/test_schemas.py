"""Trees of other releases than that of 2020: an error names branch, analysis and file."""

import array
import subprocess

import pytest
import ROOT
import uproot

from conftest import FIXTURES, PROGRAM

LETTERS = {"int32_t": "I", "uint32_t": "i", "float": "F", "double": "D", "bool": "O"}
CODES = {"I": "i", "i": "I", "F": "f", "D": "d", "O": "b"}

#: As in the 8 TeV release of 2016: counted arrays instead of vectors, charges that are floats.
ARRAYS_OF_2016 = {
    name: "[lep_n]/F"
    for name in ("lep_pt", "lep_eta", "lep_phi", "lep_E", "lep_z0", "lep_charge")
}
#: As in the 13 TeV release of 2025: other names of the scale factors.
NAMES_OF_2025 = {
    f"scaleFactor_{name}": f"ScaleFactor_{name}"
    for name in ("ELE", "MUON", "PHOTON", "TAU", "BTAG", "LepTRIGGER", "PILEUP")
}


def write(path, types=(), names=(), without=()):
    """A `mini` tree of one empty event as ROOT writes it, but for some branches."""
    with uproot.open(FIXTURES / "mc_363490.llll.4lep.root") as fixture:
        schema = fixture["mini"].typenames()
    file = ROOT.TFile(str(path), "RECREATE")
    tree = ROOT.TTree("mini", "4-vectors + variables required for scaling factors")
    held = []
    for name, kind in schema.items():
        if name in without:
            continue
        kind = dict(types).get(name, kind)
        name = dict(names).get(name, name)
        if kind.startswith("std::vector<"):
            value = ROOT.std.vector(kind[len("std::vector<") : -1])()
            tree.Branch(name, value)
        else:
            leaf = kind if kind.startswith("[") else "/" + LETTERS[kind]
            value = array.array(CODES[leaf[-1]], [0, 0])
            tree.Branch(name, value, name + leaf)
        held.append(value)
    tree.Fill()
    tree.Write()
    file.Close()


def refused(analysis, path):
    """What `analyze` says of a file that does not fit."""
    command = [PROGRAM, "analyze", analysis, path, "--sample", "llll", "-o", path.parent / "h.root"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 5, done.stderr
    assert not (path.parent / "h.root").exists()
    assert path.name in done.stderr and f"analysis {analysis} " in done.stderr
    return done.stderr


def test_the_schema_itself_is_accepted(tmp_path):
    write(tmp_path / "same.root")
    out = tmp_path / "h.root"
    command = [PROGRAM, "analyze", "HZZ", tmp_path / "same.root", "--sample", "llll", "-o", out]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("analysis", "change", "said"),
    [
        ("HZZ", {"without": ["lep_z0"]}, "needs branch lep_z0 as std::vector<float>"),
        ("Hyy", {"without": ["trigP"]}, "needs branch trigP as bool"),
        ("HZZ", {"types": {"mcWeight": "double"}}, "branch mcWeight as float; the file has double"),
        (
            "TTbar",
            {"types": {"jet_pt": "std::vector<double>"}},
            "branch jet_pt as std::vector<float>; the file has ",
        ),
        ("SUSY", {"types": {"lep_n": "int32_t"}}, "branch lep_n as uint32_t; the file has int32_t"),
        ("WBoson", {"types": {"met_et": "[2]/F"}}, "as float; branch met_et: unsupported type float[2]"),
        (
            "HZZ",
            {"types": ARRAYS_OF_2016},
            "as std::vector<float>; branch lep_pt: unsupported type float[]",
        ),
        ("HZZ", {"names": NAMES_OF_2025}, "needs branch scaleFactor_ELE as float"),
    ],
    ids=["missing", "missing_fixed", "double", "doubles", "sign", "fixed_array", "2016", "2025"],
)
def test_other_schemas_are_refused_by_name(analysis, change, said, tmp_path):
    write(tmp_path / "other.root", **change)
    assert said in refused(analysis, tmp_path / "other.root")
