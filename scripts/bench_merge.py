#!/usr/bin/env python3
"""Measure merging against cat and ROOT's hadd, in alternation, and print a table.

  bench_merge.py --rootlake PROGRAM --hadd PROGRAM --folder SCRATCH [--rounds 3] FILE

FILE is multiplied to inputs of 10 MB; small inputs are FILE itself under many names, and, where
--small names one, that file. All files are warm. Times are the least of all rounds, in seconds:
elapsed, then user and system together.
"""
import argparse, os, resource, shutil, subprocess, time


def run(command, output):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, shell=isinstance(command, str), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{command if isinstance(command, str) else command[:4]}: {done.stderr.decode()[-500:]}")
    size = os.path.getsize(output)
    os.remove(output)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, size


def case(title, inputs, args, slow=False):
    folder = args.folder
    list_file = os.path.join(folder, "list.txt")
    with open(list_file, "w") as file:
        file.write("\n".join(inputs) + "\n")
    out = os.path.join(folder, "out.root")
    ours = [args.rootlake, "merge", "--no-receipt", "-f", out, "@" + list_file]
    ways = {
        "cat": f"xargs cat < {list_file} > {out}",
        "rootlake, 1 thread": ours + ["--threads", "1"],
        "rootlake, 2 threads": ours + ["--threads", "2"],
        "hadd -fk": [args.hadd, "-v", "0", "-fk", out, "@" + list_file],
    }
    best = {}
    for round in range(args.rounds):
        for name, command in ways.items():
            if name.startswith("hadd") and round > 0 and slow:
                continue
            measured = run(command, out)
            known = best.get(name, (1e9, 1e9, 0))
            best[name] = (min(known[0], measured[0]), min(known[1], measured[1]), measured[2])
    print(f"\n{title}\n\n| | elapsed | user + system | output MB | times cat | times hadd |\n|---|---|---|---|---|---|")
    for name, (wall, cpu, size) in best.items():
        print(f"| {name} | {wall:.3f} | {cpu:.3f} | {size / 1e6:.1f} | {best['cat'][0] / wall:.2f} | {best['hadd -fk'][0] / wall:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ["rootlake", "hadd", "folder"]:
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--small")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("file")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    big = os.path.join(args.folder, "big.root")
    subprocess.run([args.rootlake, "multiply", args.file, "--to-size", "10MB", "--no-receipt", "-f", "-o", big], check=True, stdout=subprocess.DEVNULL)
    inputs = []
    for number in range(args.count):
        inputs.append(os.path.join(args.folder, f"in_{number:03}.root"))
        shutil.copy(big, inputs[-1])
    case(f"{args.count} files of {os.path.getsize(big) / 1e6:.1f} MB", inputs, args)
    for path in inputs:
        os.remove(path)
    case("one file 20 times", [big] * 20, args)
    if args.small:
        small = []
        for number in range(2000):
            small.append(os.path.join(args.folder, f"small_{number:04}.root"))
            shutil.copy(args.small, small[-1])
        case(f"2,000 files of {os.path.getsize(args.small) / 1e3:.0f} kB", small, args, slow=True)
        for path in small:
            os.remove(path)
    os.remove(big)


main()
