"""What ROOT and JSROOT make of the plots of a whole analysis, and what its page asks of a network."""

import math
import pathlib
import re
import subprocess
import sys

import numpy
import pytest

from conftest import TOP, rootlake

JSROOT = TOP / ".venv/jsroot/node_modules/jsroot/modules/main.mjs"
HERE = pathlib.Path(__file__).parent
ANALYSES = {"HZZ": "mass_four_lep", "Hyy": "hist_mYY_bin1"}


@pytest.fixture(scope="module", params=ANALYSES)
def run(request, tmp_path_factory):
    """An analysis, its main plot, and the folder in which it was run on generated samples."""
    folder = tmp_path_factory.mktemp(request.param)
    rootlake("generate", "--analysis", request.param, "-o", folder / "samples")
    rootlake("run", request.param, "--samples", folder / "samples", "-o", folder / "run")
    return request.param, ANALYSES[request.param], folder / "run"


DRAW = """
import sys, ROOT
ROOT.gROOT.SetBatch(True)
file = ROOT.TFile(sys.argv[1])
canvas = file.Get(sys.argv[2] + "/canvas")
canvas.Draw()
canvas.SaveAs(sys.argv[3] + "/canvas.png")
other = ROOT.TCanvas("other")
stack, legend = (file.Get(sys.argv[2] + "/" + name) for name in ("stack", "legend"))
stack.Draw("HIST")
legend.Draw()
other.SaveAs(sys.argv[3] + "/stack.png")
"""


def test_root_draws_canvas_stack_and_legend_without_a_word(run, tmp_path):
    _, plot, folder = run
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DRAW, folder / "plots.root", plot, tmp_path],
        capture_output=True,
        text=True,
    )
    said = [line for line in done.stderr.splitlines() if re.match(r"(Warning|Error|Fatal|Sys)", line)]
    assert (done.returncode, said) == (0, []), done.stderr
    for picture in ("canvas.png", "stack.png"):
        assert (tmp_path / picture).stat().st_size > 3000


def test_the_file_adds_up(run):
    import ROOT

    analysis, plot, folder = run
    file = ROOT.TFile(str(folder / "plots.root"))
    get = lambda name: file.Get(f"{plot}/{name}")
    prediction, data = get("prediction"), get("data")
    parts = list(get("stack").GetHists())
    bins = range(1, prediction.GetNbinsX() + 1)
    shown = get("canvas").GetPrimitive("main").GetPrimitive("axes")
    assert 0.1 < data.GetMaximum() / shown.GetMaximum() < 0.8
    for bin in bins:
        total = sum(part.GetBinContent(bin) for part in parts)
        assert prediction.GetBinContent(bin) == pytest.approx(total, rel=1e-5, abs=1e-6)
    if analysis == "Hyy":
        # Without the signal, which is given, it is a polynomial: ROOT solves for one exactly, where
        # fitting the sum may stop short of the least chi square.
        background = data.Clone()
        for bin in bins:
            pull = (data.GetBinCenter(bin) - 125) / get("sigma").GetVal()
            signal = get("norm").GetVal() * math.exp(-0.5 * pull * pull)
            background.SetBinContent(bin, data.GetBinContent(bin) - signal)
            background.SetBinError(bin, data.GetBinError(bin))
        fit = background.Fit("pol3", "QN0S", "", 105, 160)
        assert get("chi2").GetVal() == pytest.approx(fit.Chi2(), rel=1e-6)
        at_140 = sum(fit.Parameter(power) * 140.0**power for power in range(4))
        assert get("background").Eval(140) == pytest.approx(at_140, rel=1e-5)
    else:
        ratio = data.Clone()
        ratio.Divide(prediction)
        for bin in bins:
            ours = get("ratio")
            assert ours.GetBinContent(bin) == pytest.approx(ratio.GetBinContent(bin), rel=1e-6)
            assert ours.GetBinError(bin) == pytest.approx(ratio.GetBinError(bin), rel=1e-6)


def test_a_part_is_what_its_samples_and_factors_give(run):
    import ROOT

    analysis, plot, folder = run
    if analysis != "HZZ":
        pytest.skip("the parts of one analysis stand for all")
    file = ROOT.TFile(str(folder / "plots.root"))
    total = None
    for name in ("llll", "llvv", "ZqqZll"):
        source = ROOT.TFile(str(folder / f"histograms/{name}.root"))
        sample = source.Get(plot)
        sample.SetDirectory(ROOT.nullptr)
        sample.Scale(file.Get(f"scale/{name}").GetVal())
        if total is None:
            total = sample
        else:
            total.Add(sample)
    total.Scale(file.Get(f"{plot}/factor_ZZ").GetVal())
    for bin in range(1, total.GetNbinsX() + 1):
        ours = file.Get(f"{plot}/ZZ").GetBinContent(bin)
        assert ours == pytest.approx(total.GetBinContent(bin), rel=1e-5, abs=1e-9)


@pytest.mark.skipif(not JSROOT.exists(), reason="JSROOT is not installed")
@pytest.mark.parametrize("size", [(480, 520), (700, 750), (800, 600)])
def test_jsroot_draws_canvas_and_stack(run, tmp_path, size):
    _, plot, folder = run
    script = HERE / "draw.mjs"
    done = subprocess.run(
        ["node", script, JSROOT, folder / "plots.root", plot, tmp_path, *map(str, size)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    # JSROOT leaves the axes out of frames that it finds too small: first those of the lower pad.
    for name, *texts in (("canvas", "for education", "Data (/ Pred|- bkg)"), ("stack", "GeV")):
        drawn = (tmp_path / f"{name}.svg").read_text()
        assert drawn.startswith("<svg"), name
        assert [text for text in texts if not re.search(text, drawn)] == [], name


def test_a_pdf_shows_what_the_png_shows(run, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    image = pytest.importorskip("PIL.Image")
    analysis, plot, folder = run
    options = ("--analysis", analysis, "--histogram", plot, "--format", "png,pdf", "-o", tmp_path)
    rootlake("plot", folder / "histograms", *options)
    page = pdfium.PdfDocument(tmp_path / f"{plot}.pdf")[0]
    text = page.get_textpage().get_text_bounded()
    assert "ATLAS Open Data" in text and "[GeV]" in text
    # The PNG has two pixels for each of 1/96 inch, the page 72 points for each inch.
    drawn = numpy.asarray(page.render(scale=2 * 96 / 72).to_pil().convert("L"), int)
    expected = numpy.asarray(image.open(tmp_path / f"{plot}.png").convert("L"), int)
    assert drawn.shape == expected.shape
    differing = abs(drawn - expected) > 128
    inked = expected < 128
    assert differing.sum() < 0.02 * inked.sum()


def test_the_page_asks_nothing_of_a_network(run):
    _, plot, folder = run
    page = (folder / "index.html").read_text()
    links = re.findall(r"""(?:src|href|xlink:href|url)\s*[=(]\s*["']?([^"')\s>]+)""", page)
    assert links == []
    assert f'id="{plot}"' in page and page.count("<svg") == page.count("<figure")


def test_a_second_run_does_only_what_is_missing(run):
    analysis, _, folder = run
    samples = folder.parent / "samples"
    kept = folder / "plots.root"
    before = kept.stat().st_mtime_ns
    assert "already" in rootlake("run", analysis, "--samples", samples, "-o", folder)
    assert kept.stat().st_mtime_ns == before
    missing = next(folder.glob("histograms/ggH*.root"))
    missing.unlink()
    assert "already" not in rootlake("run", analysis, "--samples", samples, "-o", folder)
    assert missing.exists() and kept.stat().st_mtime_ns > before
