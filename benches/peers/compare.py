#!/usr/bin/env python3
"""Whole-process figures of rootlake and its peers on the same files, in turns.

    .venv/bin/python benches/peers/compare.py FILE [--copies N] [--runs N]

FILE is a `mini` file of the 4lep collection; it is multiplied to N copies first, by rootlake, and
`hadd` and `cat` do the same for comparison. Prints, per job and program, the median of CPU seconds
(user + system), wall seconds and peak memory, and the ratios to rootlake. Files are warm in the
page cache: the first run of each is not counted.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
ROOTLAKE = TOP / "target/release/rootlake"


def measure(command):
    """CPU seconds, wall seconds and peak memory in MB of a command that must succeed."""
    import time

    start = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([str(c) for c in command], stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            said.seek(0)
            sys.exit(f"{command}: {said.read().decode()}")
    wall = time.monotonic() - start
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def table(title, jobs, runs):
    """Runs the jobs in turns and prints a line each; the first is the one to compare with."""
    figures = {name: [] for name, _ in jobs}
    for run in range(runs + 1):
        for name, command in jobs:
            figure = measure(command)
            if run > 0:
                figures[name].append(figure)
    median = {name: [statistics.median(f) for f in zip(*all)] for name, all in figures.items()}
    ours = median[jobs[0][0]]
    print(f"\n{title}\n")
    print("| program | CPU s | wall s | peak MB | CPU ratio | wall ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, (cpu, wall, memory) in median.items():
        ratios = f"{cpu / ours[0]:.1f} | {wall / ours[1]:.1f}"
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {memory:.0f} | {ratios} |")


def root_folder():
    """Where the wheel keeps ROOT's programs, headers and libraries."""
    find = "import importlib.util as u; print(u.find_spec('ROOT').submodule_search_locations[0])"
    return pathlib.Path(subprocess.check_output([sys.executable, "-c", find], text=True).strip())


def compile_rdataframe(folder, root, name="hzz"):
    libraries = "Core RIO Tree TreePlayer Hist Physics MathCore ROOTVecOps ROOTDataFrame Imt".split()
    program = folder / name
    command = ["g++", "-O3", "-std=c++17", "-pthread", HERE / f"{name}.cxx", "-o", program]
    command += [f"-I{root / 'include'}", f"-L{root / 'lib'}", f"-Wl,-rpath,{root / 'lib'}"]
    # The wheel brings the libraries of its libraries; the linker need not find them all.
    command += ["-Wl,--allow-shlib-undefined", f"-Wl,-rpath-link,{root.parent / 'root.libs'}"]
    subprocess.run(command + [f"-l{library}" for library in libraries], check=True)
    return program


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--copies", type=int, default=15)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    root = root_folder()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        big = folder / "big.root"
        copies = [options.file] * options.copies
        hadd = root / "bin/hadd"
        multiply = [ROOTLAKE, "multiply", options.file, "--copies", options.copies, "--force", "-o", big]
        joined = " ".join(f"'{copy}'" for copy in copies)
        table(
            f"{options.copies} × {options.file.stat().st_size / 1e6:.0f} MB into one file",
            [
                ("rootlake multiply", multiply),
                ("cat", ["sh", "-c", f"cat {joined} > {folder}/cat.out"]),
                ("hadd -fk", [hadd, "-f", "-fk", folder / "hadd.root", *copies]),
            ],
            options.runs,
        )
        (folder / "cat.out").unlink()
        (folder / "hadd.root").unlink()
        program = compile_rdataframe(folder, root)
        analyze = [ROOTLAKE, "analyze", "hzz", big, "--sample", "llll", "-o", folder / "h.root"]
        python = [sys.executable, HERE / "uproot_columns.py", big]
        size = big.stat().st_size / 1e6
        table(
            f"Four-lepton selection on {size:.0f} MB, one thread",
            [
                ("rootlake analyze hzz, 17 histograms", [*analyze, "-j", 1]),
                ("RDataFrame, compiled, 1 histogram", [program, big, 1, folder / "o.txt"]),
                ("uproot, reading the columns only", python),
            ],
            options.runs,
        )
        table(
            f"Four-lepton selection on {size:.0f} MB, two threads",
            [
                ("rootlake analyze hzz, 17 histograms", [*analyze, "-j", 2]),
                ("RDataFrame, compiled, 1 histogram", [program, big, 2, folder / "o.txt"]),
            ],
            options.runs,
        )


if __name__ == "__main__":
    main()
