#!/usr/bin/env python3
"""Hold the plots of whole analyses against those of the reference framework's own Plotting.

    .venv/bin/python scripts/compare_plots.py FRAMEWORK [ANALYSIS ...] [--samples FOLDER] [--keep FOLDER]

FRAMEWORK is a checkout of the framework at tag 10fb-legacy; it is not changed: a copy of its
Plotting.cxx, which also writes what it draws as JSON, is compiled with the ROOT of this Python. For
each analysis (by default all twelve) a small set of samples is generated, unless --samples names one;
`rootlake run` makes histograms and plots of it, and the framework draws the same histograms. Prints
for each analysis the largest relative difference of data, parts of the stack, their sum, errors,
ratio, signal and yields, and ends with 1 where one is larger than 1e-5. The excess over the fit of
Hyy is compared where both fits end in the same minimum, else their chi squares are told.

Needs target/release/rootlake, ROOT and g++.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import ROOT

ROOT.gROOT.SetBatch(True)
TOP = pathlib.Path(__file__).resolve().parents[1]
ROOTLAKE = TOP / "target/release/rootlake"
ANALYSES = "WBoson ZBoson TTbar SingleTop WZDiBoson ZZDiBoson HZZ HWW Hyy ZPrimeBoosted ZTauTau SUSY".split()
# The signal drawn over the stack, as the framework's source names it.
SIGNALS = {
    "HZZ": "Higgs_normsig",
    "HWW": "Higgs_normsig",
    "SingleTop": "stop_normsig",
    "ZPrimeBoosted": "ZPrime_normsig",
    "SUSY": "slep600DM300",
}
ALLOWED = 1e-5
# What goes into the framework's source: where it prints a canvas, and in its main function.
PARTS = "stop ttbar diboson Z W V WZ:W_Z ZZ:Z_Z WWZ VV top topV Higgs Ztautau:Z_tautau stop_tq stop_tWtb ZVV"
OVERLAID = "ZPrime slep600DM300:slep600DM300_normsig Higgs_normsig stop_normsig ZPrime_normsig"
HOOK = """
    drawn::plot(fIter->first, data[fIter->first], stack, histstack, h_ratio, {%s}, {%s},
                option.find("HyyAnalysis") != option.npos ? fit : nullptr);
"""


def named(variables):
    pairs = (variable.partition(":") for variable in variables.split())
    return ", ".join(f'{{"{name}", {other or name}}}' for name, _, other in pairs)


def patched(source, mark, text):
    if source.count(mark) != 1:
        sys.exit(f"the framework's Plotting.cxx is not that of tag 10fb-legacy: no single {mark!r}")
    return source.replace(mark, text)


def build(framework, folder):
    """The framework's Plotting, which also writes drawn.json."""
    plotting = framework / "Plotting"
    source = (plotting / "Plotting.cxx").read_text()
    mark = "    // printing the canvas to a png (pdf...) file"
    source = patched(source, mark, HOOK % (named(PARTS), named(OVERLAID)) + mark)
    source = patched(source, "  m->run();\n", "  gROOT->SetBatch(kTRUE);\n  m->run();\n")
    include = "// include main header located in the same directory"
    header = pathlib.Path(__file__).with_suffix(".h")
    source = patched(source, include, f'#include "{header}"\n{include}')
    (folder / "plotting.cxx").write_text(source)
    root = pathlib.Path(ROOT.__file__).parent
    libraries = "Core RIO Tree Hist Graf Gpad MathCore Physics Matrix".split()
    command = ["g++", "-O1", "-w", "-std=c++17", "-pthread", folder / "plotting.cxx", "-o", folder / "plotting"]
    command += [f"-I{plotting}", f"-I{root / 'include'}", f"-L{root / 'lib'}", f"-Wl,-rpath,{root / 'lib'}"]
    # The wheel brings the libraries of its libraries; the linker need not find them all.
    command += ["-Wl,--allow-shlib-undefined", f"-Wl,-rpath-link,{root.parent / 'root.libs'}"]
    subprocess.run(command + [f"-l{library}" for library in libraries], check=True)
    return folder / "plotting"


def draw(program, framework, analysis, histograms, folder):
    """What the framework draws of a folder of histograms."""
    folder.mkdir()
    (folder / "histograms").mkdir()
    for name in ("inputfiles", "list_histos"):
        (folder / name).symlink_to(framework / "Plotting" / name)
    command = [program, f"{analysis}Analysis", histograms]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the framework's Plotting failed on {analysis}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads((folder / "drawn.json").read_text())


class Worst:
    """The largest relative difference of each kind, and where it is."""

    def __init__(self):
        self.found = {}
        self.cells = 0

    def take(self, kind, where, ours, theirs, scale):
        self.cells += 1
        difference = abs(ours - theirs) / (scale or 1)
        if difference > self.found.get(kind, (-1, ""))[0]:
            self.found[kind] = (difference, where)

    def histogram(self, kind, where, ours, theirs, ends=True, errors=True):
        contents, stated = theirs["contents"], theirs["errors"]
        assert ours.GetNbinsX() + 2 == len(contents), where
        largest = max((abs(content) for content in contents if content is not None), default=0)
        for bin in range(len(contents)):
            if contents[bin] is None or not ends and bin in (0, len(contents) - 1):
                continue
            size = abs(contents[bin])
            place = f"{where} bin {bin}"
            self.take(kind, place, ours.GetBinContent(bin), contents[bin], size if size > 1e-9 * largest else largest)
            if errors and stated[bin] is not None:
                self.take("errors", place, ours.GetBinError(bin), stated[bin], stated[bin])

    def integral(self, where, ours, theirs):
        sums = sum(theirs["contents"][1:-1])
        self.take("yields", where, ours.Integral(), sums, abs(sums))


def compare(analysis, file, plots):
    """The differences of all plots of an analysis."""
    worst = Worst()
    ours = {key.GetName() for key in file.GetListOfKeys() if key.GetClassName() == "TDirectoryFile"}
    missing = set(plots) - ours
    assert not missing, f"{analysis}: not drawn here: {missing}"
    for name, plot in plots.items():
        get = lambda what: file.Get(f"{name}/{what}")
        worst.histogram("data", name, get("data"), plot["data"])
        stack = get("stack").GetHists()
        assert [h.GetName() for h in stack] == [part["part"] for part in plot["stack"]], name
        for drawn, part in zip(stack, plot["stack"]):
            where = f"{name} {part['part']}"
            if "fit" not in plot:
                assert ROOT.gROOT.GetColor(drawn.GetFillColor()).AsHexString() == part["colour"], where
            for histogram in (drawn, get(part["part"])):
                worst.histogram("parts", where, histogram, part["histogram"])
            worst.integral(where, drawn, part["histogram"])
        worst.histogram("sum", name, get("prediction"), plot["sum"])
        signal = plot["signals"].get(SIGNALS.get(analysis))
        if signal and get("signal"):
            worst.histogram("signal", name, get("signal"), signal)
        if "fit" not in plot:
            worst.histogram("ratio", name, get("ratio"), plot["ratio"], ends=False)
            continue
        chi2 = get("chi2").GetVal()
        if abs(chi2 / plot["fit"]["chi2"] - 1) < 1e-6:
            # Relative to the data: differences of near numbers have no relative accuracy.
            excess, data = get("excess"), plot["data"]["contents"]
            for bin in range(1, len(data) - 1):
                if data[bin]:
                    worst.take("excess", f"{name} bin {bin}", excess.GetBinContent(bin), plot["ratio"]["contents"][bin], data[bin])
        else:
            print(f"  {name}: chi square {chi2:.3f} here, {plot['fit']['chi2']:.3f} in the framework's fit")
            if chi2 > plot["fit"]["chi2"]:
                worst.take("fit", name, chi2, plot["fit"]["chi2"], plot["fit"]["chi2"])
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("framework", type=pathlib.Path)
    parser.add_argument("analyses", nargs="*", default=ANALYSES, metavar="ANALYSIS")
    parser.add_argument("--samples", type=pathlib.Path, help="a set of samples to use, in the folders of the release")
    parser.add_argument("--keep", type=pathlib.Path, help="leave all outputs and the framework's pictures there")
    options = parser.parse_args()
    framework = options.framework.resolve()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = options.keep.resolve() if options.keep else pathlib.Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        program = build(framework, folder)
        for analysis in options.analyses or ANALYSES:
            samples = options.samples or folder / "samples"
            if options.samples is None:
                subprocess.run([ROOTLAKE, "generate", "--analysis", analysis, "-o", samples], check=True, stdout=subprocess.DEVNULL)
            out = folder / analysis
            subprocess.run([ROOTLAKE, "run", analysis, "--samples", samples, "-o", out], check=True, stdout=subprocess.DEVNULL)
            plots = draw(program, framework, analysis, out / "histograms", out / "framework")
            worst = compare(analysis, ROOT.TFile(str(out / "plots.root")), plots)
            failed |= any(not difference <= ALLOWED for difference, _ in worst.found.values())
            line = ", ".join(f"{kind} {difference:.1e}" for kind, (difference, _) in worst.found.items())
            print(f"{analysis}: {len(plots)} plots, {worst.cells} numbers: {line}", flush=True)
            for kind, (difference, where) in worst.found.items():
                if not difference <= ALLOWED:
                    print(f"  DIFFERS: {kind} by {difference:.1e} at {where}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
