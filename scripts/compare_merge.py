#!/usr/bin/env python3
"""Hold merged files against their inputs, entry by entry, as ROOT and uproot read them.

  compare_merge.py OUT IN [IN ...]
  compare_merge.py --all FOLDER [--program rootlake]

The first form compares one merged file. The second merges every file of FOLDER that holds trees or
histograms with itself, compares, and prints a table in Markdown.

Needs ROOT, uproot, awkward and numpy. Every branch must give the inputs' entries in order: to uproot
where it can read the branch, else to ROOT by the values of its leaves and the bytes of each entry.
Every tree must have the sum of the inputs' entries for ROOT, which must read all of it without a
message; to our own reader, the entries that came from an input must have the digests that they have
there; every histogram must be what ROOT's own addition makes of the inputs'.
Ends with 1 and names what differs.
"""
import argparse, json, os, pathlib, subprocess, sys, tempfile

import awkward, numpy, uproot
import ROOT

FAULTS = []


def fault(text):
    FAULTS.append(text)
    print("DIFFERS", text, file=sys.stderr)


def same_values(ours, theirs):
    try:
        return awkward.array_equal(ours, theirs, equal_nan=True) or awkward.to_list(ours) == awkward.to_list(theirs)
    except Exception:
        return str(awkward.to_list(ours)) == str(awkward.to_list(theirs))


def trees(path):
    with uproot.open(path) as file:
        return sorted({key.split(";")[0] for key, name in file.classnames().items() if name in ("TTree", "TNtuple", "TNtupleD")})


def by_root(path, tree, name):
    """What ROOT reads of a branch, entry by entry: its bytes and the values of its leaves."""
    file = ROOT.TFile(str(path))
    branch = file.Get(tree).GetBranch(name)
    if not branch:
        raise KeyError(f"{path}: ROOT finds no branch {tree}/{name}")
    read = []
    for entry in range(int(branch.GetEntries())):
        size = branch.GetEntry(entry)
        leaves = [leaf.GetValue(place) for leaf in branch.GetListOfLeaves() for place in range(leaf.GetLen())]
        read.append((size, str(leaves)))
    return read


def compare_branch(name, branch, out, inputs):
    """Who gave the verdict on a branch."""
    try:
        parts = []
        for path in inputs:
            with uproot.open(path) as source:
                parts.append(source[name][branch].array())
    except Exception:
        ours, theirs = by_root(out, name, branch.split("/")[-1]), []
        for path in inputs:
            theirs += by_root(path, name, branch.split("/")[-1])
        if ours != theirs:
            fault(f"{out}: {name}/{branch}: ROOT reads other values")
        return "ROOT"
    try:
        with uproot.open(out) as merged:
            ours = merged[name][branch].array()
    except Exception as error:
        fault(f"{out}: {name}/{branch}: uproot reads the inputs, not the output: {error}")
        return "uproot"
    if not same_values(ours, awkward.concatenate(parts)):
        fault(f"{out}: {name}/{branch}: other values")
    return "uproot"


def compare_tree(name, out, inputs):
    verdicts = {"uproot": 0, "ROOT": 0}
    with uproot.open(out) as merged:
        branches = merged[name].keys(recursive=True)
    for branch in branches:
        verdicts[compare_branch(name, branch, out, inputs)] += 1
    entries = read = 0
    for path in inputs:
        file = ROOT.TFile(str(path))
        tree = file.Get(name)
        entries += tree.GetEntries()
        read += sum(tree.GetEntry(entry) for entry in range(int(tree.GetEntries())))
    file = ROOT.TFile(str(out))
    ours = file.Get(name)
    if not ours or ours.GetEntries() != entries:
        fault(f"{out}: {name}: ROOT finds {ours.GetEntries() if ours else 'no tree'} of {entries} entries")
    elif sum(ours.GetEntry(entry) for entry in range(int(entries))) != read:
        fault(f"{out}: {name}: ROOT does not read the {read} bytes of entries that the inputs hold")
    return verdicts


def digests(program, path, tree, start, end):
    """What our own reader makes of each branch over some entries; nothing where it reads none."""
    words = [program, "digest", "--json", "--range", f"{start}:{end}", f"{path}:{tree}"]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode or start == end:
        return {}
    (found,) = json.loads(done.stdout)["trees"].values()
    return {name: branch for name, branch in found["branches"].items() if "xxh3" in branch}


def compare_digests(name, out, inputs, program):
    """How many branches our own reader reads alike in the inputs and the output."""
    read, start = set(), 0
    for path in inputs:
        with uproot.open(path) as source:
            end = start + source[name].num_entries
        theirs, ours = digests(program, path, name, 0, end - start), digests(program, out, name, start, end)
        for branch in theirs:
            if ours.get(branch) != theirs[branch]:
                fault(f"{out}: {name}/{branch}: our own reader reads other values from entry {start} on")
        read |= theirs.keys()
        start = end
    return len(read)


def compare_histograms(out, inputs):
    with uproot.open(out) as merged:
        names = [key for key, name in merged.classnames().items() if name.startswith(("TH1", "TH2", "TH3", "TProfile"))]
    file = ROOT.TFile(str(out))
    for name in names:
        path = name.split(";")[0]
        ours = file.Get(path)
        files = [ROOT.TFile(str(source)) for source in inputs]
        parts = [source.Get(path) for source in files]
        parts = [part for part in parts if part]
        rest = ROOT.TList()
        for part in parts[1:]:
            rest.Add(part)
        theirs = parts[0].Clone()
        theirs.SetDirectory(ROOT.nullptr)
        theirs.Merge(rest)
        cells = range(theirs.GetNcells())
        for what, get in [("contents", "GetBinContent"), ("errors", "GetBinError")]:
            a = numpy.array([getattr(ours, get)(cell) for cell in cells])
            b = numpy.array([getattr(theirs, get)(cell) for cell in cells])
            if not numpy.array_equal(a, b, equal_nan=True):
                fault(f"{out}: {path}: other {what}, by {numpy.nanmax(numpy.abs(a - b))}")
        for what in ["GetEntries", "GetMean", "GetRMS"]:
            a, b = getattr(ours, what)(), getattr(theirs, what)()
            if not numpy.isclose(a, b, rtol=1e-9, atol=1e-300, equal_nan=True):
                fault(f"{out}: {path}: {what} {a}, ROOT's own {b}")
    return len(names)


def compare(out, inputs, program):
    """Compares one merged file; gives the numbers of branches by who judged, and of histograms."""
    # ROOT says on standard error what it does not like.
    with tempfile.TemporaryFile() as messages:
        before = os.dup(2)
        os.dup2(messages.fileno(), 2)
        try:
            verdicts = {"uproot": 0, "ROOT": 0, "ours": 0, "histograms": compare_histograms(out, inputs)}
            for name in trees(out):
                for who, count in compare_tree(name, out, inputs).items():
                    verdicts[who] += count
                verdicts["ours"] += compare_digests(name, out, inputs, program)
        finally:
            os.dup2(before, 2)
        messages.seek(0)
        lines = messages.read().decode(errors="replace").splitlines()
    for line in sorted({line for line in lines if "no dictionary" not in line})[:5]:
        print("MESSAGE", out, line, file=sys.stderr)
    return verdicts


def compare_all(folder, program):
    columns = ["uproot", "ROOT", "ours", "histograms"]
    totals = {"equal": 0, "refused": 0, "different": 0, **dict.fromkeys(columns, 0)}
    print("| file | branches by uproot | by ROOT alone | by our own reader | histograms | verdict |")
    print("|---|---|---|---|---|---|")
    for path in sorted(pathlib.Path(folder).rglob("*.root")):
        with tempfile.TemporaryDirectory() as scratch:
            out = pathlib.Path(scratch) / path.name
            done = subprocess.run([program, "merge", "--no-receipt", out, path, path], capture_output=True, text=True)
            if done.returncode:
                totals["refused"] += 1
                print(f"| {path.name} | | | | | refused: {done.stderr.strip().split(': ', 2)[-1]} |", flush=True)
                continue
            before = len(FAULTS)
            verdicts = dict.fromkeys(columns, 0)
            try:
                verdicts = compare(out, [path, path], program)
            except Exception as error:
                fault(f"{path}: {error}")
            differ = len(FAULTS) - before
            totals["different" if differ else "equal"] += 1
            for column in columns:
                totals[column] += verdicts[column]
            counts = " | ".join(str(verdicts[column]) for column in columns)
            print(f"| {path.name} | {counts} | {f'{differ} differ' if differ else 'equal'} |", flush=True)
    print("\n" + ", ".join(f"{name}: {count}" for name, count in totals.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", metavar="FOLDER", help="merge and compare every file of a folder")
    parser.add_argument("--program", default="target/release/rootlake")
    parser.add_argument("files", nargs="*", help="the merged file, then its inputs")
    options = parser.parse_args()
    if options.all:
        compare_all(options.all, options.program)
    else:
        out, *inputs = options.files
        print(os.path.basename(out) + ":", compare(out, inputs, options.program))
    return 1 if FAULTS else 0


sys.exit(main())
