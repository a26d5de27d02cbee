#!/usr/bin/env python3
"""Hold merged files against their inputs, as ROOT, uproot and our own reader read them.

  compare_merge.py OUT IN [IN ...]
  compare_merge.py --all FOLDER [--jobs 2] [--patience 240] [--program rootlake]

The first form compares one merged file. The second merges every file of FOLDER with itself, compares,
and prints a table in Markdown: what is equal, what is refused and why, what is different.

Three readers judge every branch, each by itself: the entries that came from an input must be to it
what they are there.
- our own: by the digests of `rootlake digest`
- uproot: by the arrays; of what it reads in Python, the first entries of each input
- ROOT: by the bytes of each entry and the values of its leaves, in compiled code; members of the
  objects of a collection by their stored bytes. It must say nothing about the output that it does not
  say about the inputs.
Histograms must be what ROOT's own addition makes of the inputs'. Ends with 1 where anything differs.

Each file is compared in a process of its own: ROOT ends some without a word. What takes longer than
--patience seconds is not finished, which is no verdict, and ends with 1 too. Needs ROOT, uproot,
awkward.
"""
import argparse, collections, concurrent.futures, itertools, json, os, pathlib, re, signal, subprocess, sys, tempfile

JUDGES = ["ours", "uproot", "root", "histograms"]
# Entries of each input of a branch that uproot reads object by object.
FEW = 500

COMPILED = """
/// Whether a branch is a member of the objects of a collection: without a class ROOT gives each leaf of
/// it the value that an earlier entry left behind.
bool is_of_items(TBranch *branch) {
  auto *element = dynamic_cast<TBranchElement *>(branch);
  return element && (element->GetType() == 31 || element->GetType() == 41);
}

/// The stored bytes of an entry, from the basket that was read last.
std::string_view stored(TBranch *branch, Long64_t entry) {
  Int_t number = branch->GetReadBasket();
  auto *basket = dynamic_cast<TBasket *>(branch->GetListOfBaskets()->At(number));
  if (!basket) return {};
  Long64_t at = entry - branch->GetBasketEntry()[number];
  const Int_t *offsets = basket->GetEntryOffset();
  Int_t begin = offsets ? offsets[at] : basket->GetKeylen() + at * basket->GetNevBufSize();
  bool is_last = at + 1 >= basket->GetNevBuf();
  Int_t end = !offsets ? begin + basket->GetNevBufSize() : is_last ? basket->GetLast() : offsets[at + 1];
  return {basket->GetBufferRef()->Buffer() + begin, size_t(end - begin)};
}

/// A hash of the bytes and the leaves' values of entries of a branch (FNV-1a).
ULong64_t entries_of(TBranch *branch, Long64_t from, Long64_t to) {
  ULong64_t hash = 1469598103934665603ULL;
  auto add = [&hash](const void *data, size_t length) {
    for (size_t i = 0; i < length; ++i) hash = (hash ^ ((const unsigned char *)data)[i]) * 1099511628211ULL;
  };
  for (Long64_t entry = from; entry < to; ++entry) {
    Int_t size = branch->GetEntry(entry);
    if (is_of_items(branch)) {
      // Nor does the size say what was read of it: now and then ROOT reads the count again as well.
      std::string_view bytes = stored(branch, entry);
      add(bytes.data(), bytes.size());
      continue;
    }
    add(&size, sizeof size);
    for (auto *leaf : TRangeDynCast<TLeaf>(branch->GetListOfLeaves())) {
      // The leaf of an object, or of a collection of them, has no values of its own.
      if (dynamic_cast<TLeafElement *>(leaf) && branch->GetListOfBranches()->GetEntriesFast()) continue;
      // Behind its end, a text is what the entry before left there.
      if (auto *text = dynamic_cast<TLeafC *>(leaf)) {
        add(text->GetValueString(), strlen(text->GetValueString()));
        continue;
      }
      for (Int_t i = 0, length = leaf->GetLen(); i < length; ++i) {
        double value = leaf->GetValue(i);
        add(&value, sizeof value);
      }
    }
  }
  return hash;
}

/// The bytes of all entries.
Long64_t read_all(TTree *tree) {
  Long64_t bytes = 0;
  for (Long64_t entry = 0, end = tree->GetEntries(); entry < end; ++entry) bytes += tree->GetEntry(entry);
  return bytes;
}

/// How two histograms differ; empty: not at all.
std::string differ(TH1 *ours, TH1 *theirs) {
  if (!ours || ours->GetNcells() != theirs->GetNcells()) return "other bins";
  auto same = [](double a, double b) { return a == b || (a != a && b != b); };
  auto close = [&](double a, double b) { return same(a, b) || std::abs(a - b) <= 1e-9 * std::abs(b) + 1e-300; };
  for (Int_t cell = 0; cell < ours->GetNcells(); ++cell) {
    if (!same(ours->GetBinContent(cell), theirs->GetBinContent(cell))) return "other contents";
    if (!same(ours->GetBinError(cell), theirs->GetBinError(cell))) return "other errors";
  }
  if (!close(ours->GetEntries(), theirs->GetEntries())) return "other entries";
  if (!close(ours->GetMean(), theirs->GetMean()) || !close(ours->GetRMS(), theirs->GetRMS())) return "other statistics";
  return "";
}
"""


class Comparison:
    """One merged file being compared with its inputs."""

    def __init__(self, out, inputs, program):
        self.out, self.inputs, self.program = str(out), [str(path) for path in inputs], program
        self.counts = dict.fromkeys(JUDGES, 0)
        self.faults = []

    def fault(self, text):
        self.faults.append(text)

    def by_ours(self):
        theirs = [digests(self.program, path) for path in self.inputs]
        for tree in theirs[0]:
            start, read = 0, set()
            for found in theirs:
                if tree not in found:
                    continue
                end = start + found[tree]["entries"]
                ours = digests(self.program, f"{self.out}:{tree}", f"{start}:{end}").get(tree, {}) if end > start else {}
                for name, branch in found[tree]["branches"].items():
                    if "xxh3" not in branch or end == start:
                        continue
                    read.add(name)
                    if ours.get("branches", {}).get(name, {}).get("xxh3") != branch["xxh3"]:
                        self.fault(f"{tree}/{name}: our own reader reads other values from entry {start} on")
                start = end
            self.counts["ours"] += len(read)

    def by_uproot(self):
        import uproot

        try:
            sources = [uproot.open(path) for path in self.inputs]
            known = [(tree, source[tree]) for source in sources for tree in trees(source)]
        except Exception:  # A codec or class that it does not know: nothing to compare.
            return
        with uproot.open(self.out) as merged:
            for tree in sorted({tree for tree, _ in known}):
                for name in sources[0][tree].keys(recursive=True):
                    try:
                        parts = [arrays(source[tree][name]) for source in sources]
                    except Exception:
                        continue
                    self.counts["uproot"] += 1
                    ends = list(itertools.accumulate(source[tree].num_entries for source in sources))
                    starts = [0, *ends[:-1]]
                    try:
                        ours = merged[tree][name].array(entry_stop=starts[-1] + len(parts[-1]))
                    except Exception as error:
                        self.fault(f"{tree}/{name}: uproot reads the inputs, not the output: {error}")
                        continue
                    for start, part in zip(starts, parts):
                        if not same_values(ours[start : start + len(part)], part):
                            self.fault(f"{tree}/{name}: uproot reads other values from entry {start} on")

    def by_root(self, say):
        import ROOT

        # Else ROOT would trace where it crashed, for minutes, and take the alarm for its own.
        ROOT.gSystem.ResetSignals()
        ROOT.gInterpreter.Declare(COMPILED)
        say("reading the inputs with ROOT")
        wanted, known = Messages.of(lambda: [root_file(ROOT, path) for path in self.inputs])
        say("reading the output with ROOT")
        spans = {tree: [part[tree]["entries"] for part in wanted if tree in part] for tree in wanted[0]}
        ours, said = Messages.of(lambda: root_file(ROOT, self.out, spans))
        for tree, spans in spans.items():
            parts = [part[tree] for part in wanted if tree in part]
            found = ours.get(tree, {"entries": None, "bytes": None, "branches": {}})
            for what in ["entries", "bytes"]:
                total = sum(part[what] for part in parts)
                if found[what] != total:
                    self.fault(f"{tree}: ROOT reads {found[what]} {what}, not {total}")
            for branch in parts[0]["branches"]:
                hashes = [hash for part in parts for hash in part["branches"][branch]]
                self.counts["root"] += 1
                if found["branches"].get(branch) != hashes:
                    self.fault(f"{tree}/{branch}: ROOT reads other values")
        for message in sorted(said - known)[:3]:
            self.fault(f"ROOT says: {message}")
        say("adding histograms with ROOT")
        self.histograms(ROOT)

    def histograms(self, ROOT):
        import uproot

        with uproot.open(self.out) as merged:
            classes = merged.classnames(recursive=True, cycle=False)
        names = [name for name, kind in classes.items() if re.match(r"TH[123][A-Z]|TProfile", kind)]
        file, files = ROOT.TFile(self.out), [ROOT.TFile(path) for path in self.inputs]
        for name in names:
            parts = [part for part in (source.Get(name) for source in files) if part]
            rest = ROOT.TList()
            for part in parts[1:]:
                rest.Add(part)
            theirs = parts[0].Clone()
            theirs.SetDirectory(ROOT.nullptr)
            # Else both Python and the list, as it goes, may take it for theirs.
            ROOT.SetOwnership(theirs, False)
            theirs.Merge(rest)
            rest.Clear("nodelete")
            self.counts["histograms"] += 1
            how = str(ROOT.differ(file.Get(name), theirs))
            if how:
                self.fault(f"{name}: {how} than ROOT's own sum")


class Messages:
    """What is said on standard error, but for which file."""

    @staticmethod
    def of(work):
        with tempfile.TemporaryFile() as said:
            before = os.dup(2)
            os.dup2(said.fileno(), 2)
            try:
                result = work()
            finally:
                os.dup2(before, 2)
                os.close(before)
            said.seek(0)
            lines = said.read().decode(errors="replace").splitlines()
        return result, {re.sub(r"\S*/\S*|0x[0-9a-f]+|\d+", "…", line) for line in lines}


def root_file(ROOT, path, spans=None):
    """The trees of a file as ROOT reads them: entries, bytes, and of each branch a hash of each span
    of entries; of one span without `spans`."""
    file, found = ROOT.TFile(path), {}
    for path_in_file in spans or tree_paths(path):
        tree = file.Get(path_in_file)
        if not tree:
            continue
        entries = int(tree.GetEntries())
        ends = spans[path_in_file] if spans else [entries]
        branches, met = {}, collections.Counter()
        for branch in all_branches(tree.GetListOfBranches()):
            hashes, start, name = [], 0, branch.GetFullName().Data()
            met[name] += 1
            for length in ends:
                hashes.append(int(ROOT.entries_of(branch, start, start + length)))
                start += length
            # Some trees have several branches of one name.
            branches[name if met[name] == 1 else f"{name}#{met[name]}"] = hashes
        found[path_in_file] = {"entries": entries, "bytes": int(ROOT.read_all(tree)), "branches": branches}
    return found


def all_branches(branches):
    for branch in branches:
        yield branch
        yield from all_branches(branch.GetListOfBranches())


def tree_paths(path):
    import uproot

    with uproot.open(path) as file:
        return trees(file)


def trees(file):
    kinds = file.classnames(recursive=True, cycle=False)
    return sorted(name for name, kind in kinds.items() if kind in ("TTree", "TNtuple", "TNtupleD"))


def arrays(branch):
    """The entries of a branch; of one that is read in Python, the first of them."""
    is_quick = type(branch.interpretation).__name__ in ("AsDtype", "AsJagged", "AsStrings")
    return branch.array(entry_stop=None if is_quick else min(FEW, branch.num_entries))


def same_values(ours, theirs):
    import awkward

    try:
        if awkward.array_equal(ours, theirs, equal_nan=True):
            return True
    except Exception:
        pass
    return str(awkward.to_list(ours)) == str(awkward.to_list(theirs))


def digests(program, path, span=None):
    words = [program, "digest", "--json", *(["--range", span] if span else []), path]
    done = subprocess.run(words, capture_output=True, text=True)
    return json.loads(done.stdout)["trees"] if done.stdout else {}


def compare(out, inputs, program, patience):
    """Compares in a process of its own: counts of what was judged, what differs, a note, and whether
    it came to an end in time."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        signal.alarm(patience)
        with os.fdopen(writer, "w") as told:
            def say(step):
                print(json.dumps([step, comparison.counts, comparison.faults]), file=told, flush=True)

            comparison = Comparison(out, inputs, program)
            for step, work in [("our own reader", comparison.by_ours), ("uproot", comparison.by_uproot)]:
                say(step)
                try:
                    work()
                except Exception as error:
                    comparison.fault(f"{step}: {type(error).__name__}: {error}")
            try:
                comparison.by_root(say)
            except Exception as error:
                comparison.fault(f"ROOT: {type(error).__name__}: {error}")
            say("done")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as told:
        lines = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    step, counts, faults = json.loads(lines[-1]) if lines else ("starting", dict.fromkeys(JUDGES, 0), [])
    note, in_time = "", not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM)
    if not in_time:
        note = f"not finished: {step}"
    elif step != "done":
        ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}"
        note = f"ended by {ended} while {step}"
        if step != "reading the inputs with ROOT":
            faults.append(note)
    return counts, faults, note, in_time


def compare_with_itself(path, program, patience):
    """A row of the table for a file merged with itself: verdict, counts, words."""
    with tempfile.TemporaryDirectory() as scratch:
        out = pathlib.Path(scratch) / path.name
        words = [program, "merge", "--no-receipt", out, path, path]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            return "refused", None, done.stderr.strip().replace(str(path), path.name).splitlines()[-1]
        counts, faults, note, in_time = compare(out, [path, path], program, patience)
        if faults:
            return "different", counts, "; ".join(faults[:4]) + (f"; and {len(faults) - 4} more" if faults[4:] else "")
        if not in_time:
            return "not finished", counts, note
        if not any(counts.values()):
            return "nothing to compare", counts, note
        return "equal", counts, note


def compare_all(folder, program, jobs, patience):
    paths = sorted(pathlib.Path(folder).rglob("*.root"))
    verdicts, totals = collections.Counter(), collections.Counter()
    print("| file | branches: ours | uproot | ROOT | histograms | verdict | |")
    print("|---|--:|--:|--:|--:|---|---|")
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        rows = pool.map(lambda path: compare_with_itself(path, program, patience), paths)
        for path, (verdict, counts, words) in zip(paths, rows):
            verdicts[verdict] += 1
            totals.update(counts or {})
            cells = " | ".join(str(counts[judge]) if counts else "" for judge in JUDGES)
            print(f"| {path.relative_to(folder)} | {cells} | {verdict} | {words} |", flush=True)
    print(f"\n{len(paths)} files: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common()))
    print("judged: " + ", ".join(f"{totals[judge]} by {judge}" for judge in JUDGES[:3]) + f", {totals['histograms']} histograms")
    return 1 if verdicts["different"] or verdicts["not finished"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", metavar="FOLDER", help="merge and compare every file of a folder")
    parser.add_argument("--jobs", type=int, default=2, help="files that are compared side by side")
    parser.add_argument("--patience", type=int, default=240, help="seconds after which a file is given up")
    parser.add_argument("--program", default="target/release/rootlake")
    parser.add_argument("files", nargs="*", help="the merged file, then its inputs")
    options = parser.parse_args()
    if options.all:
        return compare_all(options.all, options.program, options.jobs, options.patience)
    out, *inputs = options.files
    counts, faults, note, in_time = compare(out, inputs, options.program, options.patience)
    print(f"{out}: {counts} {note}")
    verdict = f"{len(faults)} differ" if faults else "equal" if in_time else "not finished"
    print("".join(f"DIFFERS {fault}\n" for fault in faults[:20]), verdict)
    return 0 if verdict == "equal" else 1


sys.exit(main())
