#!/usr/bin/env python3
"""Whole-process figures of rootlake and its peers on the same files, in turns.

    .venv/bin/python benches/peers/compare.py FILE... [--copies N] [--runs N] [--json FILE]

Each FILE is a `mini` file of the 4lep collection, of whatever codec; it is multiplied to N copies
first, by rootlake, and for the first FILE `hadd` and `cat` do the same for comparison. Prints, per
job and program, the median of CPU seconds (user + system), wall seconds and peak memory, and the
ratios to rootlake. Files are warm in the page cache: the first run of each is not counted.

ROOT's wheel inflates with the system's zlib. A faster library in its place (zlib-ng built as a
libz.so.1) makes a stronger peer: `--zlib` preloads one.

oxyroot (release 0.1.25) opens no file of ROOT 6.36 or later, but those that rootlake generates, and
none with ZSTD: where it does not open FILE, that is said in place of its row.
"""

import argparse
import json
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
    """Runs the jobs in turns, prints a line each and gives their medians; the first job is the
    one to compare with."""
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
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {memory:.0f} | {ratios} |", flush=True)
    keys = ("cpu_s", "wall_s", "peak_mb")
    return {title: {name: dict(zip(keys, figures)) for name, figures in median.items()}}


def root_folder():
    """Where the wheel keeps ROOT's programs, headers and libraries."""
    find = "import importlib.util as u; print(u.find_spec('ROOT').submodule_search_locations[0])"
    return pathlib.Path(subprocess.check_output([sys.executable, "-c", find], text=True).strip())


def compile_peer(name, folder, root):
    libraries = "Core RIO Tree TreePlayer Hist Physics MathCore ROOTVecOps ROOTDataFrame Imt".split()
    program = folder / name
    command = ["g++", "-O3", "-std=c++17", "-pthread", HERE / f"{name}.cxx", "-o", program]
    command += [f"-I{root / 'include'}", f"-L{root / 'lib'}", f"-Wl,-rpath,{root / 'lib'}"]
    # The wheel brings the libraries of its libraries; the linker need not find them all.
    command += ["-Wl,--allow-shlib-undefined", f"-Wl,-rpath-link,{root.parent / 'root.libs'}"]
    subprocess.run(command + [f"-l{library}" for library in libraries], check=True)
    return program


def oxyroot():
    """The program that reads the columns with oxyroot."""
    build = "cargo build --quiet --release -p rootlake --example oxyroot_columns"
    subprocess.run(build.split(), cwd=TOP, check=True)
    return TOP / "target/release/examples/oxyroot_columns"


def opens(command):
    """Whether a peer that does not know all files does what it is asked."""
    return subprocess.run(command, capture_output=True).returncode == 0


def merging(file, copies, folder, root, runs):
    """One file many times over, by rootlake and by those that do the same."""
    big = folder / "big.root"
    multiply = [ROOTLAKE, "multiply", file, "--copies", copies, "--force", "-o", big]
    joined = " ".join(f"'{file}'" for _ in range(copies))
    figures = table(
        f"{copies} × {file.stat().st_size / 1e6:.0f} MB into one file",
        [
            ("rootlake multiply", multiply),
            ("cat", ["sh", "-c", f"cat {joined} > {folder}/cat.out"]),
            ("hadd -fk", [root / "bin/hadd", "-f", "-fk", folder / "hadd.root", *[file] * copies]),
        ],
        runs,
    )
    (folder / "cat.out").unlink()
    (folder / "hadd.root").unlink()
    return figures


def selecting(big, label, folder, runs, preload):
    """The four-lepton selection."""
    analyze = [ROOTLAKE, "analyze", "hzz", big, "--sample", "llll", "-o", folder / "h.root", "-j"]
    frame = [folder / "hzz", big]
    whole = [folder / "hzz_all", big]
    zlib = ["env", f"LD_PRELOAD={preload}"] if preload else None
    figures = {}
    for threads in (1, 2):
        peers = [
            ("rootlake analyze hzz, 17 histograms", [*analyze, threads]),
            ("RDataFrame, compiled, 17 histograms", [*whole, threads, folder / "o.root"]),
            ("RDataFrame, compiled, 1 histogram", [*frame, threads, folder / "o.txt"]),
        ]
        if zlib:
            peers += [(f"{name}, {preload.name}", [*zlib, *job]) for name, job in peers[1:]]
        if threads == 1:
            reader = [folder / "hzz_reader", big, folder / "o.txt"]
            peers.append(("TTreeReader, compiled, 1 histogram", reader))
        figures |= table(f"Four-lepton selection on {label}, threads: {threads}", peers, runs)
    return figures


def reading(big, label, folder, root, oxyroot, runs):
    """Reading the columns of the four-lepton selection alone."""
    columns = (HERE / "uproot_columns.py").read_text().split('"""')[3].split()
    read = [ROOTLAKE, "read", big, "--branches", ",".join(columns), "--threads"]
    speed = [root / "bin/rootreadspeed", "--files", big, "--trees", "mini", "--branches", *columns]
    figures = {}
    for threads in (1, 2):
        peers = [
            ("rootlake read", [*read, threads]),
            ("RDataFrame, compiled", [folder / "columns_frame", big, threads]),
            ("rootreadspeed", [*speed, "--threads", 0 if threads == 1 else threads]),
        ]
        if threads == 1:
            peers.append(("TTreeReader, compiled", [folder / "columns_reader", big]))
            peers.append(("uproot", [sys.executable, HERE / "uproot_columns.py", big]))
            if opens([oxyroot, big]):
                peers.append(("oxyroot", [oxyroot, big]))
            else:
                print(f"\noxyroot does not open {label}")
        title = f"Reading its {len(columns)} columns of {label}, threads: {threads}"
        figures |= table(title, peers, runs)
    return figures


def selecting_and_reading(file, options, folder, root, oxyroot):
    """Both on one file many times over."""
    big = folder / "big.root"
    measure([ROOTLAKE, "multiply", file, "--copies", options.copies, "--force", "-o", big])
    label = f"{big.stat().st_size / 1e6:.0f} MB of {file.name}"
    figures = selecting(big, label, folder, options.runs, options.zlib)
    return figures | reading(big, label, folder, root, oxyroot, options.runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=pathlib.Path, nargs="+", metavar="FILE")
    parser.add_argument("--copies", type=int, default=15)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--zlib", type=pathlib.Path, help="run ROOT with this libz.so.1 as well")
    parser.add_argument("--json", type=pathlib.Path, help="write the medians here as well")
    options = parser.parse_args()
    root, oxyroot_columns = root_folder(), oxyroot()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for peer in ("hzz", "hzz_all", "hzz_reader", "columns_frame", "columns_reader"):
            compile_peer(peer, folder, root)
        figures = merging(options.files[0], options.copies, folder, root, options.runs)
        for file in options.files:
            figures |= selecting_and_reading(file, options, folder, root, oxyroot_columns)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
