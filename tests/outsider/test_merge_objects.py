"""Objects of every class: what rootlake makes of them is what ROOT's own hadd makes of them."""

import json
import pathlib
import subprocess

import pytest
import ROOT

import objects
from conftest import PROGRAM, rootlake

HADD = pathlib.Path(ROOT.__file__).parent / "bin/hadd"
# Bits and numbers that only memory has; limits of a range that is not set; fills that were binned,
# which ROOT may leave behind (it then takes them for all there is).
UNTOLD = {"fUniqueID", "fBits", "$ref", "fFirst", "fLast", "fBuffer", "fBufferSize"}


def write(path, number, makers):
    file = ROOT.TFile(str(path), "recreate")
    for name, maker in makers.items():
        # What one case holds does not hang on which stand before it.
        objects.RANDOM.seed(f"{name} {number}")
        made = maker(number)
        file.cd()
        made.Write(name, ROOT.TObject.kSingleKey)
    file.Close()
    return path


def read(path):
    """All that ROOT reads of each object, by name and cycle; its keys in their order."""
    file = ROOT.TFile(str(path))
    keys = [(key.GetName(), key.GetTitle(), key.GetCycle()) for key in file.GetListOfKeys()]
    found = {}
    for key in file.GetListOfKeys():
        told = json.loads(str(ROOT.TBufferJSON.ConvertToJSON(key.ReadObj())))
        found[key.GetName(), key.GetCycle()] = key.GetClassName(), told
    file.Close()
    return keys, found


def differences(ours, theirs, path=""):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted((ours.keys() | theirs.keys()) - UNTOLD):
            yield from differences(ours.get(name), theirs.get(name), f"{path}.{name}")
    elif isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        if len(ours) != len(theirs):
            yield f"{path}: {len(ours)} instead of {len(theirs)}"
        for number, pair in enumerate(zip(ours, theirs)):
            yield from differences(*pair, f"{path}[{number}]")
    elif isinstance(ours, float) or isinstance(theirs, float):
        if ours != pytest.approx(theirs, rel=1e-6, abs=1e-12):
            yield f"{path}: {ours} instead of {theirs}"
    elif ours != theirs:
        yield f"{path}: {ours} instead of {theirs}"


@pytest.fixture(scope="module")
def merged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("objects")
    parts = [write(folder / f"{number}.root", number, objects.CASES) for number in range(3)]
    theirs, ours = folder / "theirs.root", folder / "ours.root"
    subprocess.run([HADD, theirs, *parts], check=True, capture_output=True)
    rootlake("merge", ours, *parts, "--threads", 2)
    return read(ours), read(theirs)


@pytest.mark.parametrize("name", objects.CASES)
def test_objects_are_what_hadd_makes_of_them(merged, name):
    (_, ours), (_, theirs) = merged
    of_name = lambda found: {key: value for key, value in found.items() if key[0] == name}
    assert of_name(theirs)
    assert of_name(ours).keys() == of_name(theirs).keys()
    for key, value in of_name(theirs).items():
        assert not list(differences(ours[key], value))


def test_keys_have_hadds_order_and_titles(merged):
    (ours, _), (theirs, _) = merged
    assert ours == theirs


@pytest.mark.parametrize("name", objects.REFUSED)
def test_what_cannot_be_added_is_refused_by_name(tmp_path, name):
    makers = {name: objects.REFUSED[name]}
    parts = [write(tmp_path / f"{number}.root", number, makers) for number in range(2)]
    done = subprocess.run(
        [PROGRAM, "merge", tmp_path / "out.root", *parts], capture_output=True, text=True
    )
    assert done.returncode == 5, done.stderr
    assert name in done.stderr
    assert not (tmp_path / "out.root").exists()


def merged_by_us(folder, maker):
    """What the three objects that `maker` makes are merged to, and the three."""
    parts = [write(folder / f"{number}.root", number, {"o": maker}) for number in range(3)]
    rootlake("merge", folder / "merged.root", *parts)
    _, merged = read(folder / "merged.root")
    files = [ROOT.TFile(str(path)) for path in parts]
    return merged["o", 1][1], [file.Get("o") for file in files], files


@pytest.mark.parametrize("name", objects.AVERAGES)
def test_averages_are_averaged_as_th1_adds_them(tmp_path, name):
    ours, (sum, *others), _ = merged_by_us(tmp_path, objects.AVERAGES[name])
    for other in others:
        sum.Add(other)
    theirs = json.loads(str(ROOT.TBufferJSON.ConvertToJSON(sum)))
    assert not list(differences(ours, theirs))


@pytest.mark.parametrize("empty", [[0], [1, 2]])
def test_histograms_that_were_not_filled_take_no_part_in_averages(tmp_path, empty):
    made = objects.averages("TH1D", *objects.ONE, empty=empty)
    ours, histograms, _ = merged_by_us(tmp_path, made)
    filled = [histograms[number] for number in range(3) if number not in empty]
    for other in filled[1:]:
        filled[0].Add(other)
    assert ours["fArray"] == pytest.approx([filled[0].GetBinContent(cell) for cell in range(22)])


def test_graphs_with_several_errors_are_appended(tmp_path):
    ours, graphs, _ = merged_by_us(tmp_path, objects.several_errors)
    points = [(graph, point) for graph in graphs for point in range(graph.GetN())]
    joined = lambda get: pytest.approx([get(graph)[point] for graph, point in points])
    assert ours["fNpoints"] == 2 + 3 + 4
    assert ours["fX"] == joined(lambda graph: graph.GetX())
    assert ours["fExL"] == joined(lambda graph: graph.GetEXlow())
    for kind in range(2):
        assert ours["fEyL"][kind] == joined(lambda graph: graph.GetEYlow(kind))
        assert ours["fEyH"][kind] == joined(lambda graph: graph.GetEYhigh(kind))


def test_equal_objects_are_kept_once_and_others_all(tmp_path):
    makers = {"same": lambda _: ROOT.TNamed("n", "t"), "other": objects.CASES["TNamed"]}
    parts = [write(tmp_path / f"{number}.root", number, makers) for number in range(3)]
    rootlake("merge", tmp_path / "out.root", *parts)
    keys, found = read(tmp_path / "out.root")
    kept = [(name, cycle) for name, _, cycle in keys]
    assert kept == [("same", 1), ("other", 3), ("other", 2), ("other", 1)]
    receipt = json.loads((tmp_path / "out.json").read_text())
    outcomes = {told["path"]: told["outcome"] for told in receipt["objects"]}
    assert outcomes == {"same": "copied", "other": "cycles"}
    # Of several cycles, ROOT reads the highest.
    assert ROOT.TFile(str(tmp_path / "out.root")).Get("other").GetTitle() == "t2"
