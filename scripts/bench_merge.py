#!/usr/bin/env python3
"""Measure merging against cat, ROOT's hadd and hepconvert, and print a table.

  bench_merge.py --rootlake PROGRAM --hadd PROGRAM --folder SCRATCH [--rounds 3] FILE

FILE, of a few MB with written baskets, is multiplied to inputs of 10 MB. --small names a file of
which 2,000 copies are merged, --histograms one of which 100 copies are. --hepconvert names a Python
that has it. All files are warm, all programs run in turns, each output is removed before the next
run. Times are medians, in seconds: elapsed, and user and system together, which other work on the
machine disturbs least. Ratios are of the latter. With --json the figures are written there too.
"""
import argparse, json, os, resource, shutil, statistics, subprocess, time


def run(command, output):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    shell = isinstance(command, str)
    child = subprocess.Popen(command, shell=shell, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{command if shell else command[:4]}: {said.decode()[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    size = os.path.getsize(output)
    os.remove(output)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "peak_mb": used.ru_maxrss / 1e3, "output_mb": size / 1e6}


def case(title, inputs, args, slow=(), hadd="-fk", extra=()):
    """Runs all programs in turns; those of `slow` once."""
    names = os.path.join(args.folder, "list.txt")
    with open(names, "w") as file:
        file.write("\n".join(inputs) + "\n")
    out = os.path.join(args.folder, "out.root")
    ours = [args.rootlake, "merge", "--no-receipt", *extra, out, "@" + names]
    ways = {
        "cat": f"xargs cat < {names} > {out}",
        "rootlake, 1 thread": ours + ["--threads", "1"],
        "rootlake, 2 threads": ours + ["--threads", "2"],
        f"hadd {hadd}": [args.hadd, "-v", "0", hadd, out, "@" + names],
    }
    if args.hepconvert:
        code = f"import hepconvert; hepconvert.merge_root({out!r}, {inputs!r}, force=True)"
        ways["hepconvert"] = [args.hepconvert, "-c", code]
    runs = {name: [] for name in ways}
    for number in range(args.rounds):
        for name, command in ways.items():
            if number and name.split()[0] in slow:
                continue
            try:
                runs[name].append(run(command, out))
            except SystemExit as failed:
                runs[name] = [None]
                print(f"{name} failed: {failed}"[:300], flush=True)
    figures = {
        name: {key: round(statistics.median(one[key] for one in all), 4) for key in all[0]}
        for name, all in runs.items() if all and all[0]
    }
    show(title, figures, f"hadd {hadd}")
    return {"title": title, "figures": figures}


def show(title, figures, hadd):
    print(f"\n| {title} | elapsed s | CPU s | peak MB | output MB | × cat | × {hadd} |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, one in figures.items():
        ratios = [figures[of]["cpu"] / one["cpu"] if of in figures else 0 for of in ("cat", hadd)]
        print(f"| {name} | {one['wall']:.3f} | {one['cpu']:.3f} | {one['peak_mb']:.0f} "
              f"| {one['output_mb']:.1f} | {ratios[0]:.2f} | {ratios[1]:.1f} |", flush=True)


def copies(path, count, args, stem):
    """So many copies of a file, for the time of a case."""
    paths = [os.path.join(args.folder, f"{stem}_{number:05}.root") for number in range(count)]
    for copy in paths:
        shutil.copy(path, copy)
    return paths


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ["rootlake", "hadd", "folder"]:
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small", action="append", default=[])
    parser.add_argument("--histograms")
    parser.add_argument("--hepconvert")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--small-count", type=int, default=2000)
    parser.add_argument("--json")
    parser.add_argument("file")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    found = []

    def with_copies(title, path, count, stem, **how):
        paths = copies(path, count, args, stem)
        found.append(case(title, paths, args, **how))
        for copy in paths:
            os.remove(copy)

    big = os.path.join(args.folder, "big.root")
    subprocess.run([args.rootlake, "multiply", args.file, "--to-size", "10MB", "--no-receipt", "-f", "-o", big],
                   check=True, stdout=subprocess.DEVNULL)
    size = os.path.getsize(big) / 1e6
    slow = ["hepconvert"]
    with_copies(f"{args.count} files of {size:.1f} MB", big, args.count, "in", slow=slow)
    found.append(case("one file 20 times", [big] * 20, args, slow=slow))
    found.append(case("ten times, zlib to ZSTD", [big] * 10, args, slow=slow, hadd="-f505",
                      extra=["--compress", "zstd:5"]))
    os.remove(big)
    for path in args.small:
        title = f"{args.small_count:,} files of {os.path.getsize(path) / 1e3:.0f} kB"
        with_copies(title, path, args.small_count, "small", slow=["hadd", "hepconvert"])
    if args.histograms:
        with_copies("100 files of histograms", args.histograms, 100, "hist", slow=["hadd", "hepconvert"])
    if args.json:
        with open(args.json, "w") as file:
            json.dump(found, file, indent=1)


main()
