"""Histograms of many axes of which some were never filled: those keep no bins at all in the file."""

import array
import pathlib
import subprocess

import pytest
import ROOT

from conftest import rootlake

HADD = pathlib.Path(ROOT.__file__).parent / "bin/hadd"
CLASSES = ["THnSparseF", "THnSparseD", "THnF", "THnD"]


def write(path, fills, weighted):
    """A histogram of each class, with so many fills."""
    file = ROOT.TFile(str(path), "recreate")
    for name in CLASSES:
        bins, low, high = array.array("i", [4, 5]), array.array("d", [0, 0]), array.array("d", [1, 1])
        histogram = getattr(ROOT, name)(name, "title", 2, bins, low, high)
        if weighted:
            histogram.Sumw2()
        for fill in range(fills):
            histogram.Fill(array.array("d", [fill * 0.13 % 1, fill * 0.29 % 1.2]), 1 + fill % 3)
        file.WriteObject(histogram, name)
    file.Close()
    return path


ROOT.gInterpreter.Declare("""
/// The number of entries, then contents and errors of all bins of two axes.
std::vector<double> bins_of(const char *path, const char *name) {
    TFile file(path);
    std::unique_ptr<THnBase> histogram(file.Get<THnBase>(name));
    std::vector<double> found{histogram->GetEntries()};
    for (int x = 0; x < 6; ++x) {
        for (int y = 0; y < 7; ++y) {
            int place[] = {x, y};
            auto bin = histogram->GetBin(place, false);
            found.push_back(bin < 0 ? 0 : histogram->GetBinContent(bin));
            found.push_back(bin < 0 ? 0 : histogram->GetBinError(bin));
        }
    }
    return found;
}
""")


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("fills", [(0, 30), (30, 0), (0, 0), (0, 30, 0, 40)])
def test_some_are_empty(fills, weighted, tmp_path):
    parts = [write(tmp_path / f"{number}.root", count, weighted) for number, count in enumerate(fills)]
    rootlake("merge", tmp_path / "ours.root", *parts)
    subprocess.run([HADD, "-f", tmp_path / "hadd.root", *parts], check=True, capture_output=True)
    for name in CLASSES:
        ours = list(ROOT.bins_of(str(tmp_path / "ours.root"), name))
        assert ours == list(ROOT.bins_of(str(tmp_path / "hadd.root"), name)), name
        assert ours[0] == sum(fills)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("fills", [(20, 30), (30, 0), (0, 30)])
@pytest.mark.parametrize("with_errors", [(True, False), (False, True)])
def test_errors_that_one_keeps_are_not_lost(name, fills, with_errors, tmp_path):
    """hadd takes the -1 of one without errors for a number."""
    files = zip(["a.root", "b.root"], fills, with_errors)
    parts = [write(tmp_path / file, count, weighted) for file, count, weighted in files]
    rootlake("merge", tmp_path / "ours.root", *parts)
    (_, *ours), *others = [
        ROOT.bins_of(str(path), name) for path in [tmp_path / "ours.root", *parts]
    ]
    assert ours[::2] == [sum(both) for both in zip(*(list(other)[1::2] for other in others))]
    squares = [[error * error for error in list(other)[2::2]] for other in others]
    assert [error * error for error in ours[1::2]] == pytest.approx([a + b for a, b in zip(*squares)])
    files = [ROOT.TFile(str(path)) for path in [tmp_path / "ours.root", *parts]]
    merged, *kept = [file.Get(name) for file in files]
    assert merged.GetCalculateErrors()
    assert merged.GetSumw2() == sum(part.GetSumw2() for part in kept if part.GetCalculateErrors())
