"""Histogram files: ROOT, uproot and JSROOT read what the reference framework filled."""

import json
import subprocess

import numpy as np
import pytest
import ROOT
import uproot

from conftest import FIXTURES, TOP, rootlake

REFERENCES = sorted((FIXTURES / "reference").glob("*.json"))


def analyze(path, out, *options):
    """The reference in `path`, and our histograms of the same input in `out`."""
    reference = json.loads(path.read_text())
    inputs = [FIXTURES / name for name in reference["inputs"]]
    option = ["--sample", reference["option"], "-o", out, *options]
    rootlake("analyze", reference["analysis"], *inputs, *option)
    return reference["histograms"], "data" in reference["option"]


def assert_equal(ours, theirs, is_data):
    """Contents and sums equal the reference's, up to the rounding of its own sums."""
    contents = np.array(theirs["contents"])
    if is_data:
        assert np.array_equal(ours["contents"], contents)
        assert ours["sumw2"] is None and theirs["sumw2"] is None
    else:
        # The reference adds f32 weights to an f32: each of its N sums may round.
        sumw2 = np.zeros_like(contents) if theirs["sumw2"] is None else np.array(theirs["sumw2"])
        scale = np.maximum(np.sqrt(sumw2), np.abs(contents))
        assert np.all(np.abs(ours["contents"] - contents) <= 1e-5 * scale)
        assert (ours["sumw2"] is None) == (theirs["sumw2"] is None)
        if ours["sumw2"] is not None:
            np.testing.assert_allclose(ours["sumw2"], sumw2, rtol=1e-9, atol=0)
    for name in ("tsumw", "tsumw2", "tsumwx", "tsumwx2"):
        np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-9, atol=1e-12)
    for name in ("name", "cls", "title", "xtitle", "ytitle", "nbins", "xlow", "xup", "entries"):
        assert ours[name] == theirs[name], name


def by_root(histogram):
    axis, cells = histogram.GetXaxis(), histogram.GetNcells()
    stats = np.zeros(4)
    histogram.GetStats(stats)
    return {
        "name": histogram.GetName(),
        "cls": histogram.ClassName(),
        "title": histogram.GetTitle(),
        "xtitle": axis.GetTitle(),
        "ytitle": histogram.GetYaxis().GetTitle(),
        "nbins": axis.GetNbins(),
        "xlow": axis.GetXmin(),
        "xup": axis.GetXmax(),
        "entries": histogram.GetEntries(),
        "contents": np.array([histogram.GetBinContent(cell) for cell in range(cells)]),
        "sumw2": (
            np.array([histogram.GetSumw2()[cell] for cell in range(cells)])
            if histogram.GetSumw2N()
            else None
        ),
        **dict(zip(("tsumw", "tsumw2", "tsumwx", "tsumwx2"), stats)),
    }


def by_uproot(histogram):
    axis = histogram.member("fXaxis")
    sumw2 = np.array(histogram.member("fSumw2"))
    return {
        "name": histogram.member("fName"),
        "cls": histogram.classname,
        "title": histogram.member("fTitle"),
        "xtitle": axis.member("fTitle"),
        "ytitle": histogram.member("fYaxis").member("fTitle"),
        "nbins": axis.member("fNbins"),
        "xlow": axis.member("fXmin"),
        "xup": axis.member("fXmax"),
        "entries": histogram.member("fEntries"),
        "contents": histogram.values(flow=True),
        "sumw2": sumw2 if len(sumw2) else None,
        "tsumw": histogram.member("fTsumw"),
        "tsumw2": histogram.member("fTsumw2"),
        "tsumwx": histogram.member("fTsumwx"),
        "tsumwx2": histogram.member("fTsumwx2"),
    }


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: path.stem)
def test_root_reads_the_references_histograms(reference, tmp_path, capfd):
    theirs, is_data = analyze(reference, tmp_path / "h.root")
    file = ROOT.TFile(str(tmp_path / "h.root"))
    keys = [key.GetName() for key in file.GetListOfKeys()]
    assert keys == [*(histogram["name"] for histogram in theirs), "cutflow"]
    for histogram in theirs:
        assert_equal(by_root(file.Get(histogram["name"])), histogram, is_data)
    file.Close()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: path.stem)
def test_uproot_reads_the_references_histograms(reference, tmp_path):
    theirs, is_data = analyze(reference, tmp_path / "h.root", "--compress", "zstd:5")
    file = uproot.open(tmp_path / "h.root")
    keys = [key.split(";")[0] for key in file.keys(recursive=False)]
    assert keys == [*(h["name"] for h in theirs), "cutflow"]
    for histogram in theirs:
        assert_equal(by_uproot(file[histogram["name"]]), histogram, is_data)


def test_jsroot_reads_the_references_histograms(tmp_path):
    for reference in REFERENCES:
        theirs, is_data = analyze(reference, tmp_path / "h.root")
        script = TOP / "tests/outsider/histograms.mjs"
        module = TOP / ".venv/jsroot/node_modules/jsroot/modules/main.mjs"
        read = subprocess.run(
            ["node", script, module, tmp_path / "h.root"], capture_output=True, text=True
        )
        assert read.returncode == 0, read.stderr
        ours = json.loads(read.stdout)
        assert [histogram["name"] for histogram in ours] == [h["name"] for h in theirs]
        for our, their in zip(ours, theirs):
            our["contents"] = np.array(our["contents"])
            our["sumw2"] = np.array(our["sumw2"]) if our["sumw2"] else None
            assert_equal(our, their, is_data)


def labels_by_root(histogram):
    axis = histogram.GetXaxis()
    return [axis.GetBinLabel(bin) for bin in range(1, axis.GetNbins() + 1)]


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda path: path.stem)
def test_root_and_uproot_read_the_cutflow(reference, tmp_path, capfd):
    reference = json.loads(reference.read_text())
    inputs = [FIXTURES / name for name in reference["inputs"]]
    options = ["--sample", reference["option"], "-o", tmp_path / "h.root", "--yields", "--json"]
    said = json.loads(rootlake("analyze", reference["analysis"], *inputs, *options))
    (analysis,) = said["analyses"]
    cuts, counts = zip(*analysis["cutflow"])

    file = ROOT.TFile(str(tmp_path / "h.root"))
    events, weights = file.Get("cutflow/events"), file.Get("cutflow/weights")
    assert labels_by_root(events) == labels_by_root(weights) == list(cuts)
    assert [events.GetBinContent(bin + 1) for bin in range(len(cuts))] == list(counts)
    last, left = len(cuts), analysis["yield"]
    assert left["events"] == counts[-1] > 0
    assert left["events_uncertainty"] == events.GetBinError(last)
    assert left["weighted"] == weights.GetBinContent(last)
    assert left["weighted_uncertainty"] == pytest.approx(weights.GetBinError(last), rel=1e-12)
    file.Close()
    assert capfd.readouterr().err == ""

    by_uproot = uproot.open(tmp_path / "h.root")["cutflow/events"]
    assert by_uproot.axis().labels() == list(cuts)
    assert by_uproot.values().tolist() == list(counts)


def test_hadd_adds_our_histograms(tmp_path):
    parts = [tmp_path / "a.root", tmp_path / "b.root"]
    for part in parts:
        theirs, _ = analyze(REFERENCES[0], part)
    merger = ROOT.TFileMerger(False)
    merger.OutputFile(str(tmp_path / "sum.root"))
    for part in parts:
        merger.AddFile(str(part))
    assert merger.Merge()
    file = uproot.open(tmp_path / "sum.root")
    for histogram in theirs:
        twice = 2 * np.array(histogram["contents"])
        np.testing.assert_allclose(file[histogram["name"]].values(flow=True), twice, rtol=1e-5)
    part, total = (uproot.open(path)["cutflow/events"] for path in (parts[0], tmp_path / "sum.root"))
    assert total.axis().labels() == part.axis().labels()
    assert np.array_equal(total.values(), 2 * part.values())


def test_the_web_does_not_show_in_histograms(tmp_path, web):
    url, log = web
    # The same name for both: a ROOT file holds its own.
    local, remote = tmp_path / "local/h.root", tmp_path / "remote/h.root"
    for name, analysis in [
        ("mc_363490.llll.4lep.root", "hzz"),
        ("data_A.4lep.root", "hzz"),
        ("mc_343981.ggH125_gamgam.GamGam.root", "hyy"),
    ]:
        for path, source in [(local, FIXTURES / name), (remote, f"{url}/{name}")]:
            path.parent.mkdir(exist_ok=True)
            rootlake("analyze", analysis, source, "--reproducible", "-o", path)
        assert local.read_bytes() == remote.read_bytes(), name
    answers = [line.split('"')[2].split()[0] for line in log.read_text().splitlines()]
    assert "206" in answers, "nothing was read by ranges"
