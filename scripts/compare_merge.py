#!/usr/bin/env python3
"""Hold a merged file against its inputs, entry by entry, as ROOT and uproot read them.

  compare_merge.py OUT IN [IN ...]

Needs ROOT, uproot and numpy. Every branch that uproot can read must give the inputs' entries in
order; every tree must have the sum of the inputs' entries for ROOT too, which must read all of it
without a message; every histogram must be what ROOT's own addition makes of the inputs'.
Ends with 1 and names what differs.
"""
import os, sys, tempfile

import awkward, numpy, uproot
import ROOT

FAULTS = []


def fault(text):
    FAULTS.append(text)
    print("DIFFERS", text)


def same_values(ours, theirs):
    try:
        return awkward.to_list(ours) == awkward.to_list(theirs) or awkward.array_equal(ours, theirs, equal_nan=True)
    except Exception:
        return str(awkward.to_list(ours)) == str(awkward.to_list(theirs))


def trees(path):
    with uproot.open(path) as file:
        return sorted({key.split(";")[0] for key, name in file.classnames().items() if name in ("TTree", "TNtuple", "TNtupleD")})


def compare_tree(name, out, inputs):
    checked = skipped = 0
    with uproot.open(out) as merged:
        tree = merged[name]
        sources = [uproot.open(path) for path in inputs]
        for branch in tree.keys(recursive=True):
            try:
                parts = [source[name][branch].array() for source in sources]
            except Exception:
                skipped += 1
                continue
            try:
                ours = tree[branch].array()
            except Exception as error:
                fault(f"{out}: {name}/{branch}: uproot reads the inputs, not the output: {error}")
                continue
            checked += 1
            if not same_values(ours, awkward.concatenate(parts)):
                fault(f"{out}: {name}/{branch}: other values")
        entries = sum(source[name].num_entries for source in sources)
    file = ROOT.TFile(out)
    ours = file.Get(name)
    if not ours or ours.GetEntries() != entries:
        fault(f"{out}: {name}: ROOT finds {ours.GetEntries() if ours else 'no tree'} of {entries} entries")
        return checked, skipped
    size = sum(ours.GetEntry(entry) for entry in range(int(entries)))
    wanted = 0
    for path in inputs:
        source = ROOT.TFile(path)
        tree = source.Get(name)
        wanted += sum(tree.GetEntry(entry) for entry in range(int(tree.GetEntries())))
    if size != wanted:
        fault(f"{out}: {name}: ROOT reads {size} bytes of entries, of the inputs {wanted}")
    return checked, skipped


def compare_histograms(out, inputs):
    count = 0
    with uproot.open(out) as merged:
        names = [key for key, name in merged.classnames().items() if name.startswith(("TH1", "TH2", "TH3", "TProfile"))]
    file = ROOT.TFile(out)
    for name in names:
        path = name.split(";")[0]
        ours = file.Get(path)
        files = [ROOT.TFile(source) for source in inputs]
        parts = [source.Get(path) for source in files]
        parts = [part for part in parts if part]
        rest = ROOT.TList()
        for part in parts[1:]:
            rest.Add(part)
        theirs = parts[0].Clone()
        theirs.SetDirectory(ROOT.nullptr)
        theirs.Merge(rest)
        count += 1
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
    return count


def main():
    out, inputs = sys.argv[1], sys.argv[2:]
    # ROOT says on standard error what it does not like.
    with tempfile.TemporaryFile() as messages:
        before = os.dup(2)
        os.dup2(messages.fileno(), 2)
        counts = [0, 0]
        for name in trees(out):
            checked, skipped = compare_tree(name, out, inputs)
            counts[0] += checked
            counts[1] += skipped
        histograms = compare_histograms(out, inputs)
        os.dup2(before, 2)
        messages.seek(0)
        told = {line for line in messages.read().decode(errors="replace").splitlines() if "no dictionary" not in line}
    for line in sorted(told)[:5]:
        print("MESSAGE", out, line)
    print(f"{os.path.basename(out)}: {counts[0]} branches equal or named above, {counts[1]} that uproot cannot read, {histograms} histograms")
    return 1 if FAULTS else 0


sys.exit(main())
