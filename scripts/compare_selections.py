#!/usr/bin/env python3
"""Hold the histograms of the twelve analyses against those of the reference framework, bin by bin.

    .venv/bin/python scripts/compare_selections.py FRAMEWORK [ANALYSIS ...] [--events N] [--seed S]

FRAMEWORK is a checkout of the framework at tag 10fb-legacy, whose analyses are compiled in their
folders (benches/peers/framework.py). For each analysis data and a few simulated samples are
generated, and both programs run on the same files. Of data, titles, contents and entries of every
histogram must be equal; of simulations the contents within the rounding of the reference, which adds
weights in single precision, and the squared errors to 1e-9, where one entry in another bin would show.
Sums of statistics must be equal to 1e-9. Left out are histograms of simulations with "syst" in their
name, which the framework smears with a generator seeded by the clock. Ends with 1 where something
differs.

Needs target/release/rootlake, ROOT and g++.
"""

import argparse
import array
import math
import pathlib
import subprocess
import sys
import tempfile

import ROOT

TOP = pathlib.Path(__file__).resolve().parents[1]
ROOTLAKE = TOP / "target/release/rootlake"
FRAMEWORK = TOP / "benches/peers/framework.py"
# The collection of each analysis, and samples of it whose events many or few selections keep.
SAMPLES = {
    "WBoson": ("1lep", ["data_A", "Wplusenu", "ttbar_lep"]),
    "ZBoson": ("2lep", ["data_A", "Zmumu", "llvv"]),
    "TTbar": ("1lep", ["data_A", "ttbar_lep", "single_top_wtchan"]),
    "SingleTop": ("1lep", ["data_A", "single_top_tchan", "ttbar_lep"]),
    "WZDiBoson": ("3lep", ["data_A", "lllv", "llll"]),
    "ZZDiBoson": ("4lep", ["data_A", "llll", "Zee"]),
    "HZZ": ("4lep", ["data_A", "llll", "ggH125_ZZ4lep"]),
    "HWW": ("2lep", ["data_A", "ggH125_WW2lep", "ttbar_lep"]),
    "Hyy": ("GamGam", ["data_A", "ggH125_gamgam"]),
    "ZPrimeBoosted": ("1largeRjet1lep", ["data_A", "ttbar_lep", "ZPrime1000_tt"]),
    "ZTauTau": ("1lep1tau", ["data_A", "Ztautau_PTV0_70_CVetoBVeto", "ttbar_lep"]),
    "SUSY": ("2lep", ["data_A", "llvv", "ttbar_lep"]),
}


def run(command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")


def cells(histogram):
    """Contents as they are stored, and their squared errors; none where the histogram keeps none."""
    squares = histogram.GetSumw2()
    contents = [histogram.At(bin) for bin in range(histogram.GetNcells())]
    return contents, [squares.At(bin) for bin in range(squares.GetSize())]


def near(ours, theirs, tolerance):
    return ours == theirs or abs(ours - theirs) <= tolerance


def differs(ours, theirs):
    """What differs between two histograms, if anything."""
    if not ours:
        return "missing"
    for what in ("GetTitle", "GetNcells", "GetEntries"):
        if getattr(ours, what)() != getattr(theirs, what)():
            return what
    (contents, squares), (stated, stated_squares) = cells(ours), cells(theirs)
    if len(squares) != len(stated_squares):
        return "squared errors"
    if not all(near(a, b, 1e-9 * b) for a, b in zip(squares, stated_squares)):
        return "squared errors"
    # Without weights a content is a number of entries; with them the reference's sum is rounded.
    scales = [math.sqrt(square) for square in stated_squares] or [0] * len(stated)
    if not all(near(a, b, 1e-5 * max(abs(b), scale) if squares else 0) for a, b, scale in zip(contents, stated, scales)):
        return "contents"
    sums, stated_sums = array.array("d", [0] * 4), array.array("d", [0] * 4)
    ours.GetStats(sums)
    theirs.GetStats(stated_sums)
    # Of a symmetric variable the sum all but cancels.
    sumw, _, _, sumwx2 = stated_sums
    scales = [0, 0, math.sqrt(abs(sumw * sumwx2)), 0]
    if not all(near(a, b, 1e-9 * max(abs(b), scale)) for a, b, scale in zip(sums, stated_sums, scales)):
        return "statistics"
    return None


def compare(ours, theirs, is_data):
    """How many histograms were compared and how many of them were filled, and which differ."""
    ours, theirs = ROOT.TFile(str(ours)), ROOT.TFile(str(theirs))
    different, count, filled = [], 0, 0
    for name in [key.GetName() for key in theirs.GetListOfKeys()]:
        if "syst" in name and not is_data:
            continue
        reference = theirs.Get(name)
        count += 1
        filled += reference.GetEntries() > 0
        difference = differs(ours.Get(name), reference)
        if difference:
            different.append(f"{name} ({difference})")
    return count, filled, different


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("framework", type=pathlib.Path)
    parser.add_argument("analyses", nargs="*", default=list(SAMPLES), metavar="ANALYSIS")
    parser.add_argument("--events", type=int, default=40_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for analysis in options.analyses or SAMPLES:
            final_state, samples = SAMPLES[analysis]
            for sample in samples:
                file = folder / f"{sample}.{final_state}.root"
                if not file.exists():
                    run([ROOTLAKE, "generate", "--final-state", final_state, "--sample", sample,
                         "--events", options.events, "--seed", options.seed, "-o", file])
                out = folder / f"{analysis}.{sample}.root"
                run([ROOTLAKE, "analyze", analysis, file, "--sample", sample, "-o", out])
                run([sys.executable, "-W", "ignore", FRAMEWORK, options.framework, analysis, sample, file])
                theirs = options.framework / f"Analysis/{analysis}Analysis/Output_{analysis}Analysis/{sample}.root"
                count, filled, different = compare(out, theirs, sample.startswith("data"))
                failed |= bool(different)
                print(f"{analysis} {sample}: {count} histograms, {filled} filled, {len(different)} different"
                      + "".join(f"\n  DIFFERS: {name}" for name in different), flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
