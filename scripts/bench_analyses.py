#!/usr/bin/env python3
"""What whole processes of rootlake take beside each other: figures that need no peer.

    .venv/bin/python scripts/bench_analyses.py [--case NAME,…] [--size MB] [--simulated TIMES]
                                               [--rounds N] [--folder SCRATCH] [--json FILE]

  one-pass  all analyses of a final state at once, beside the slowest of them alone
  samples   the samples of HZZ, each a file, beside one file of the same events
  memory    the peak of `analyze` on files of two sizes, and with --max-memory
  ls        listing a small file, and a tree of 10,000 branches (which ROOT writes)

Inputs are generated, `--size` MB each. Programs run in turns after a round that is not counted;
figures are the fastest of `--rounds`, for what disturbs a process makes it slower. Prints Markdown.
Analyses beside the reference framework and RDataFrame are timed by benches/peers/analyses.py.
"""

import argparse
import json
import pathlib
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / "benches/peers"))

from compare import ROOTLAKE, measure  # noqa: E402

FINAL_STATES = {
    "1lep": ("WBoson", "TTbar", "SingleTop"),
    "2lep": ("ZBoson", "HWW", "SUSY"),
    "4lep": ("ZZDiBoson", "HZZ"),
}
BRANCHES = 10_000


def fastest(jobs, rounds):
    """CPU seconds, wall seconds and peak MB of each job, the least of so many runs in turns."""
    figures = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, command in jobs.items():
            figure = measure(command)
            if turn > 0:
                figures[name].append(figure)
    keys = ("cpu_s", "wall_s", "peak_mb")
    return {name: dict(zip(keys, map(min, zip(*all)))) for name, all in figures.items()}


def show(title, figures, first):
    """Prints the figures, and how many times those of the job `first` each takes."""
    print(f"\n| {title} | CPU s | wall s | peak MB | × CPU | × wall |")
    print("|---|" + 5 * "---:|")
    base = figures[first]
    for name, one in figures.items():
        ratios = " | ".join(f"{one[key] / base[key]:.2f}" for key in ("cpu_s", "wall_s"))
        seconds = f"{one['cpu_s']:.4f} | {one['wall_s']:.4f}"
        print(f"| {name} | {seconds} | {one['peak_mb']:.0f} | {ratios} |", flush=True)
    return figures


def sized(folder, final_state, megabytes):
    """A file of data of a final state, multiplied to about so many MB."""
    small, big = folder / f"small.{final_state}.root", folder / f"data.{final_state}.root"
    make = [ROOTLAKE, "generate", "--final-state", final_state, "--sample", "data", "--force"]
    measure([*make, "--events", 200_000, "-o", small])
    copies = max(1, round(megabytes * 1e6 / small.stat().st_size))
    measure([ROOTLAKE, "multiply", small, "--copies", copies, "--force", "-o", big])
    small.unlink()
    return big


def one_pass(options, folder):
    figures = {}
    for final_state, analyses in FINAL_STATES.items():
        big = sized(folder, final_state, options.size)
        outputs = dict.fromkeys(analyses, "one.root") | {",".join(analyses): "all"}
        inputs = [big, "--sample", "data", "-j", 1, "-o"]
        jobs = {
            name: [ROOTLAKE, "analyze", name, *inputs, folder / output]
            for name, output in outputs.items()
        }
        all = fastest(jobs, options.rounds)
        slowest = max(analyses, key=lambda name: all[name]["cpu_s"])
        megabytes = big.stat().st_size / 1e6
        title = f"{megabytes:.0f} MB of {final_state}, one thread; × {slowest}"
        figures[final_state] = show(title, all, slowest)
        big.unlink()
    return figures


def samples(options, folder):
    release, one = folder / "samples", folder / "one.root"
    generate = [ROOTLAKE, "generate", "--analysis", "hzz", "--simulated", options.simulated]
    measure([*generate, "-o", release])
    files = sorted(release.rglob("*.root"))
    measure([ROOTLAKE, "merge", "--force", one, *files])
    megabytes = one.stat().st_size / 1e6
    whole = ["--analysis-samples", release, "--force", "-o", folder / "out"]
    jobs = {
        "one file": [ROOTLAKE, "analyze", "hzz", one, "--sample", "llll", "-o", folder / "o.root"],
        f"{len(files)} files of 30 samples": [ROOTLAKE, "analyze", "hzz", *whole],
    }
    return show(f"HZZ, {megabytes:.0f} MB", fastest(jobs, options.rounds), "one file")


def memory(options, folder):
    jobs = {}
    for times in (1, 8):
        big = sized(folder, "4lep", times * options.size)
        big = big.rename(folder / f"{times}.root")
        analyze = [ROOTLAKE, "analyze", "hzz", big, "--sample", "data", "-o", folder / "o.root"]
        label = f"{big.stat().st_size / 1e6:.0f} MB"
        jobs[label] = analyze
        jobs[f"{label}, --max-memory 50MB"] = [*analyze, "--max-memory", "50MB"]
    figures = show("HZZ", fastest(jobs, options.rounds), next(iter(jobs)))
    for times in (1, 8):
        (folder / f"{times}.root").unlink()
    return figures


# In a process of its own: the peak of a process counts what its parent holds when it starts.
WIDE = """
import array
import sys
import ROOT

file = ROOT.TFile(sys.argv[1], "RECREATE")
tree = ROOT.TTree("wide", "")
value = array.array("f", [1.0])
for number in range(int(sys.argv[2])):
    tree.Branch(f"b{number:05}", value, f"b{number:05}/F")
for entry in range(10):
    tree.Fill()
tree.Write()
file.Close()
"""


def ls(options, folder):
    wide = folder / "wide.root"
    measure([sys.executable, "-c", WIDE, wide, BRANCHES])
    jobs = {
        "ls of a small file": [ROOTLAKE, "ls", TOP / "fixtures/mc_363490.llll.4lep.root"],
        f"ls of {BRANCHES} branches": [ROOTLAKE, "ls", wide],
    }
    return show("listing", fastest(jobs, 5 * options.rounds), "ls of a small file")


CASES = {"one-pass": one_pass, "samples": samples, "memory": memory, "ls": ls}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", default=",".join(CASES), help="these alone, with commas between")
    parser.add_argument("--size", type=float, default=200, help="of each input, MB")
    parser.add_argument("--simulated", type=int, default=1, help="as of `generate`, for samples")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=pathlib.Path, help="where inputs are made")
    parser.add_argument("--json", type=pathlib.Path, help="write the figures here as well")
    options = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        for case in options.case.split(","):
            figures[case] = CASES[case](options, pathlib.Path(name))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


main()
