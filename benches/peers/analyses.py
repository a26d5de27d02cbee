#!/usr/bin/env python3
"""Events per second of the twelve analyses: rootlake, the reference framework, RDataFrame.

    .venv/bin/python benches/peers/analyses.py FRAMEWORK FOLDER [--size MB] [--runs N] [--json FILE]

FRAMEWORK is a checkout of the reference framework (see framework.py). FOLDER holds a folder for each
final state with `mini` files of it; the first simulation in it is multiplied to `--size` MB. The
programs run in turns on the same file, each with one thread, and rootlake with `--threads` besides;
the first run of each is not counted, so that compilation is not and files are in the page cache.
Prints Markdown: events per second of CPU time (user + system) of whole processes, medians, and how
many times the peers' rate ours is.
"""

import argparse
import json
import pathlib
import statistics
import sys
import tempfile

from compare import HERE, ROOTLAKE, compile_peer, measure, root_folder

FINAL_STATES = {
    "1lep": ("WBoson", "TTbar", "SingleTop"),
    "2lep": ("ZBoson", "HWW", "SUSY"),
    "3lep": ("WZDiBoson",),
    "4lep": ("ZZDiBoson", "HZZ"),
    "GamGam": ("Hyy",),
    "1largeRjet1lep": ("ZPrimeBoosted",),
    "1lep1tau": ("ZTauTau",),
}
RDATAFRAME = {"HZZ": ("hzz", "hzz_all"), "Hyy": ("hyy",)}
# One histogram of an analysis, and where it is written all of them.
FRAMES = ("RDataFrame", "RDataFrame, all")
PROGRAMS = ("rootlake", "framework", *FRAMES, "rootlake, all threads")


def entries(path):
    import uproot

    with uproot.open(path) as file:
        return file["mini"].num_entries


def multiplied(folder, final_state, megabytes, out):
    """The first simulation of a final state, so often that it is as large as asked."""
    small = min((folder / final_state).glob(f"mc_*.{final_state}.root"), default=None)
    if small is None:
        sys.exit(f"no simulation in {folder / final_state}")
    copies = max(1, round(megabytes * 1e6 / small.stat().st_size))
    big = out / small.name
    measure([ROOTLAKE, "multiply", small, "--copies", copies, "--force", "-o", big])
    return big


def rates(jobs, events, runs):
    """The median rates of jobs run in turns: events per second of CPU and of wall time."""
    figures = {name: [] for name in jobs}
    for run in range(runs + 1):
        for name, command in jobs.items():
            cpu, wall, _ = measure(command)
            if run > 0:
                figures[name].append((events / cpu, events / wall))
    return {
        name: dict(zip(("cpu", "wall"), map(statistics.median, zip(*all))))
        for name, all in figures.items()
    }


def jobs_of(analysis, big, framework, programs, threads, out):
    sample = big.name.split(".")[1]
    analyze = [ROOTLAKE, "analyze", analysis, big, "--sample", sample, "-o", out / "h.root"]
    reference = [sys.executable, HERE / "framework.py", framework, analysis, sample, big]
    jobs = {"rootlake": [*analyze, "-j", 1], "framework": reference}
    for name, program in zip(FRAMES, programs):
        jobs[name] = [program, big, 1, out / "o.root"]
    jobs["rootlake, all threads"] = [*analyze, "-j", threads]
    return jobs


def row(analysis, rate):
    def cell(name, kind="cpu"):
        return f"{rate[name][kind] / 1e3:.0f}" if name in rate else ""

    def ratio(name):
        return f"{rate['rootlake']['cpu'] / rate[name]['cpu']:.1f}" if name in rate else ""

    cells = [*map(cell, PROGRAMS[:-1]), cell(PROGRAMS[-1], "wall")]
    cells += map(ratio, PROGRAMS[1:-1])
    # In wall time with all threads, as one waits for either.
    ours, theirs = (rate[name]["wall"] for name in (PROGRAMS[-1], "framework"))
    cells.append(f"{ours / theirs:.1f}")
    return f"| {analysis} | {' | '.join(cells)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("framework", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--size", type=float, default=200, help="of each file, MB")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", action="append", help="this analysis; may be repeated")
    parser.add_argument("--json", type=pathlib.Path, help="where to write all rates")
    options = parser.parse_args()

    print(
        "| analysis | rootlake | framework | RDataFrame, 1 histogram | RDataFrame, all "
        f"| rootlake, {options.threads} threads, wall "
        "| × framework | × RDataFrame, 1 histogram | × RDataFrame, all | × framework, wall |"
    )
    print(f"|---{9 * '|---:'}|")
    print(f"| {5 * '| k events/s '}| | | | |")
    all_rates = {}
    with tempfile.TemporaryDirectory() as name:
        out = pathlib.Path(name)
        for final_state, analyses in FINAL_STATES.items():
            wanted = [a for a in analyses if options.only is None or a in options.only]
            if not wanted:
                continue
            big = multiplied(options.folder, final_state, options.size, out)
            events = entries(big)
            for analysis in wanted:
                sources = RDATAFRAME.get(analysis, ())
                programs = [compile_peer(source, out, root_folder()) for source in sources]
                jobs = jobs_of(analysis, big, options.framework, programs, options.threads, out)
                rate = rates(jobs, events, options.runs)
                all_rates[analysis] = {"file": big.name, "events": events, "rates": rate}
                print(row(analysis, rate), flush=True)
            big.unlink()
    if options.json is not None:
        options.json.write_text(json.dumps(all_rates, indent=2) + "\n")


main()
