#!/usr/bin/env python3
"""Measure merging against cat, ROOT's hadd and hepconvert, and print tables in Markdown.

  bench_merge.py --rootlake PROGRAM --folder SCRATCH [--hadd PROGRAM] [--hepconvert PYTHON]
                 [--embedded FILE] [--histograms FILE] [--case NAME,…] [--rounds 5] [--json FILE]

The inputs are generated into SCRATCH, a folder with 4 GB free; where it lies decides which file
system is measured. --embedded names a small file whose baskets stand in the tree's own record, as
those of the real 4-lepton data do; --histograms one of histograms. hadd is looked for on the PATH;
--hepconvert names a Python that has it (`pip install hepconvert "uproot<5.7"`), else the one on the PATH is
asked. All files are warm, all programs run in turns, each output is removed before the next run. A
virtual machine hands out memory that it never used, or has given back to its host, at a fraction of
the speed, which would count against whoever comes first, or seconds after a large file was removed:
first of all the free memory is used once, and before each run a file of 1.1 GB is written and removed.

Times are medians, in seconds: elapsed, and user and system together, which other work on the
machine disturbs least. The ratios say how many times faster a program is than cat and than
`hadd -fk`, by elapsed time and by CPU time. Without a receipt ours takes no checksum of the output,
as neither cat nor hadd does; the row "with receipt" shows what that costs.
"""
import argparse, json, os, shutil, statistics, subprocess, sys, time

ZEROS = bytes(1 << 20)
FREED = 1100 << 20  # bytes, more than the longest output has
SLOW = 3.0  # seconds after which a program is not run again


def free_memory(folder, size):
    """Writes and removes a file of so many bytes."""
    path = os.path.join(folder, "freed")
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(ZEROS)
    os.remove(path)


def run(command, output):
    """Runs a program once; none where it fails."""
    free_memory(os.path.dirname(output), FREED)
    start = time.perf_counter()
    shell = isinstance(command, str)
    child = subprocess.Popen(command, shell=shell, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status:
        print(f"failed: {str(command)[:100]}: {said.decode()[-300:]}", file=sys.stderr)
        return None
    size = os.path.getsize(output)
    os.remove(output)
    return {"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak_mb": used.ru_maxrss / 1e3,
            "output_mb": size / 1e6}


def medians(ways, rounds, output):
    """Runs all programs in turns, slow ones once; gives each one's median figures."""
    runs = {name: [] for name in ways}
    for _ in range(rounds):
        for name, command in ways.items():
            if runs[name] and (runs[name][0] is None or runs[name][0]["wall"] > SLOW):
                continue
            runs[name].append(run(command, output))
    good = {name: all for name, all in runs.items() if None not in all}
    return {name: {key: round(statistics.median(one[key] for one in all), 4) for key in all[0]}
            for name, all in good.items()}


def show(title, figures, against):
    print(f"\n| {title} | elapsed s | CPU s | peak MB | output MB | × cat: elapsed | CPU "
          f"| × {against}: elapsed | CPU |")
    print("|---|" + "---:|" * 8)
    for name, one in figures.items():
        ratios = [f"{figures[of][key] / one[key]:.2f}" if of in figures else "–"
                  for of in ("cat", against) for key in ("wall", "cpu")]
        print(f"| {name} | {one['wall']:.3f} | {one['cpu']:.3f} | {one['peak_mb']:.0f} "
              f"| {one['output_mb']:.1f} | " + " | ".join(ratios) + " |", flush=True)


def touch_memory():
    """Uses the free memory once, in a process that may fail for want of it."""
    touch = """
import mmap
free = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemFree"))
memory = mmap.mmap(-1, max(free - 2_000_000, 1) * 1024)
for page in range(0, len(memory), mmap.PAGESIZE):
    memory[page] = 1
"""
    subprocess.run([sys.executable, "-c", touch], stderr=subprocess.DEVNULL)


class Bench:
    def __init__(self, args):
        self.args = args
        self.found = []

    def path(self, name):
        return os.path.join(self.args.folder, name)

    def generate(self, name, events):
        """A file of so many 4-lepton events, with written baskets."""
        path = self.path(name)
        subprocess.run([self.args.rootlake, "generate", "--final-state", "4lep", "--sample", "data_A",
                        "--events", str(events), "--reproducible", "-o", path],
                       check=True, stdout=subprocess.DEVNULL)
        return path

    def ways(self, inputs, out, hadd=("-fk", "-f"), extra=(), ours=None, cat=True):
        """The programs, by name, that make `out` of `inputs`."""
        names = self.path("list.txt")
        with open(names, "w") as file:
            file.write("\n".join(inputs) + "\n")
        ours = ours or [self.args.rootlake, "merge", *extra, out, "@" + names]
        quiet = ours + ["--no-receipt"]
        ways = {"cat": f"xargs cat < {names} > {out}"} if cat else {}
        ways["rootlake, 1 thread"] = quiet + ["--threads", "1"]
        ways["rootlake, 2 threads"] = quiet + ["--threads", "2"]
        receipt = ["--receipt", self.path("receipt.json"), "--threads", "2"]
        ways["rootlake, 2 threads, with receipt"] = ours + receipt
        for flag in hadd if self.args.hadd else ():
            ways[f"hadd {flag}"] = [self.args.hadd, "-v", "0", flag, out, "@" + names]
        if self.args.hepconvert:
            call = f"hepconvert.merge_root({out!r}, {inputs!r}, progress_bar=False, force=True)"
            ways["hepconvert"] = [self.args.hepconvert, "-c", "import hepconvert; " + call]
        return ways

    def case(self, title, inputs, **how):
        out = self.path("out.root")
        ways = self.ways(inputs, out, **how)
        figures = medians(ways, self.args.rounds, out)
        show(title, figures, f"hadd {how.get('hadd', ['-fk'])[0]}")
        self.found.append({"title": title, "figures": figures})

    def with_copies(self, title, path, count, **how):
        """A case of so many copies of a file, which are there for its time."""
        folder = self.path("inputs")
        os.makedirs(folder, exist_ok=True)
        paths = [os.path.join(folder, f"in_{number:05}.root") for number in range(count)]
        for copy in paths:
            shutil.copyfile(path, copy)
        size = os.path.getsize(path)
        size = f"{size / 1e6:.1f} MB" if size > 1e6 else f"{size / 1e3:.0f} kB"
        self.case(title.format(count=f"{count:,}", size=size), paths, **how)
        shutil.rmtree(folder)

    def many(self):
        self.with_copies("{count} files of {size}", self.generate("big.root", 32_000), 100)

    def multiply(self):
        path = self.generate("long.root", 200_000)
        ours = [self.args.rootlake, "multiply", path, "--copies", "15", "-o", self.path("out.root")]
        self.case(f"one file of {os.path.getsize(path) / 1e6:.0f} MB 15 times", [path] * 15, ours=ours)

    def small(self):
        title = "{count} files of {size}, baskets written"
        self.with_copies(title, self.generate("small.root", 200), 2_000)

    def embedded(self):
        if self.args.embedded:
            title = "{count} files of {size}, baskets in the trees' records"
            self.with_copies(title, self.args.embedded, 2_000)

    def growth(self):
        path = self.generate("small.root", 40)
        for count in (1_000, 10_000):
            self.with_copies("{count} files of {size}: growth", path, count, hadd=())

    def recompress(self):
        path = self.generate("big.root", 32_000)
        self.case("ten times 10 MB, zlib to ZSTD", [path] * 10, hadd=["-f505"],
                  extra=["--compress", "zstd:5"], cat=False)

    def histograms(self):
        if self.args.histograms:
            self.with_copies("{count} files of histograms, {size} each", self.args.histograms, 100)


def main():
    cases = ["many", "multiply", "small", "embedded", "growth", "recompress", "histograms"]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rootlake", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--hadd", default=shutil.which("hadd"))
    parser.add_argument("--hepconvert", help="a Python that has it")
    parser.add_argument("--embedded")
    parser.add_argument("--histograms")
    parser.add_argument("--case", default=",".join(cases), help=", ".join(cases))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json")
    args = parser.parse_args()
    python = shutil.which("python3")
    if not args.hepconvert and python:
        has = subprocess.run([python, "-c", "import hepconvert"], stderr=subprocess.DEVNULL)
        args.hepconvert = python if has.returncode == 0 else None
    os.makedirs(args.folder, exist_ok=True)
    touch_memory()
    bench = Bench(args)
    for name in args.case.split(","):
        if name not in cases:
            parser.error(f"no case is called {name}")
        getattr(bench, name)()
        for left in ("big.root", "long.root", "small.root", "list.txt", "receipt.json"):
            if os.path.exists(bench.path(left)):
                os.remove(bench.path(left))
    if args.json:
        with open(args.json, "w") as file:
            json.dump(bench.found, file, indent=1)


main()
