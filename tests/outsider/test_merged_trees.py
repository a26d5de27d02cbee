"""What was merged is an input like any other to ROOT, and what cannot be merged is named."""

import array
import json
import pathlib
import subprocess
import sys

import pytest
import ROOT

from conftest import PROGRAM, rootlake

HADD = pathlib.Path(ROOT.__file__).parent / "bin/hadd"


def write(path, number, change=lambda tree: None, branches=("x", "y")):
    """A tree of 50 entries, whose branches hold their number and the file's."""
    file = ROOT.TFile(str(path), "recreate")
    tree = ROOT.TTree("tree", "title")
    values = {name: array.array("i", [0]) for name in branches}
    for name, value in values.items():
        tree.Branch(name, value, f"{name}/I")
    vector = ROOT.std.vector("float")()
    tree.Branch("v", vector)
    for entry in range(50):
        for value in values.values():
            value[0] = 50 * number + entry
        vector.clear()
        for item in range(entry % 4):
            vector.push_back(entry + item)
        tree.Fill()
    change(tree)
    tree.Write()
    file.Close()
    return path


@pytest.fixture
def merged(tmp_path):
    parts = [write(tmp_path / f"{number}.root", number) for number in range(3)]
    rootlake("merge", tmp_path / "merged.root", *parts)
    return tmp_path / "merged.root"


def test_rdataframe_reads_it(merged, capfd):
    capfd.readouterr()
    columns = ROOT.RDataFrame("tree", str(merged)).AsNumpy(["x", "v"])
    assert list(columns["x"]) == list(range(150))
    assert [len(vector) for vector in columns["v"]] == 3 * [entry % 4 for entry in range(50)]
    assert capfd.readouterr().err == ""


def test_filling_goes_on(merged, capfd):
    file = ROOT.TFile(str(merged), "update")
    tree = file.Get("tree")
    x, y = array.array("i", [1000]), array.array("i", [1000])
    vector = ROOT.std.vector("float")(2, 7.0)
    tree.SetBranchAddress("x", x)
    tree.SetBranchAddress("y", y)
    tree.SetBranchAddress("v", vector)
    for _ in range(20):
        tree.Fill()
    tree.Write("", ROOT.TObject.kOverwrite)
    file.Close()
    assert ROOT.RDataFrame("tree", str(merged)).Sum("x").GetValue() == sum(range(150)) + 20_000
    assert capfd.readouterr().err == ""
    # And what was filled on is an input to us.
    rootlake("merge", merged.with_name("again.root"), merged, merged)
    assert ROOT.RDataFrame("tree", str(merged.with_name("again.root"))).Count().GetValue() == 340


def test_hadd_and_chains_take_it(merged, capfd):
    out = merged.with_name("hadded.root")
    done = subprocess.run([HADD, "-v", "0", out, merged, merged], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert ROOT.RDataFrame("tree", str(out)).Sum("x").GetValue() == 2 * sum(range(150))
    chain = ROOT.TChain("tree")
    chain.Add(str(merged))
    chain.Add(str(out))
    assert chain.GetEntries() == 450
    assert capfd.readouterr().err == ""


def alias(tree):
    tree.SetAlias("sum", "x + y")


def information(tree):
    note = ROOT.TNamed("run", "2016")
    ROOT.SetOwnership(note, False)
    tree.GetUserInfo().Add(note)


def user_info(path):
    file = ROOT.TFile(str(path))
    return [str(ROOT.TBufferJSON.ToJSON(each)) for each in file.Get("tree").GetUserInfo()]


def test_what_streams_itself_is_kept_or_left_out_by_name(tmp_path, capfd):
    graph = ROOT.TGraph(2, array.array("d", [1, 2]), array.array("d", [3, 4]))
    named = [ROOT.TNamed(f"n{number}", "title") for number in range(4)]
    matrix = ROOT.TMatrixDSym(3)
    for row in range(3):
        matrix[row][row] = row
    lists = [ROOT.TOrdCollection(), ROOT.THashTable(), ROOT.THashList(), ROOT.TMap()]
    lists[3].Add(*named[:2])
    for each in lists[:3]:
        each.Add(graph)
        each.Add(named[2])
    # Column by column: its objects' pointers say where in the record they lead.
    clones = ROOT.TClonesArray("TGraph", 1)
    clones.ConstructedAt(0).GetListOfFunctions().Add(named[3])
    kept = [named[0], matrix, *lists, graph]
    for each in [graph, clones, *named, *lists, matrix]:
        ROOT.SetOwnership(each, False)

    def change(tree):
        for each in [clones, *kept]:
            tree.GetUserInfo().Add(each)

    parts = [write(tmp_path / "0.root", 0, change), write(tmp_path / "1.root", 1)]
    told = rootlake("merge", tmp_path / "ours.root", *parts)
    assert "left out: fUserInfo: TClonesArray" in told
    assert user_info(tmp_path / "ours.root") == user_info(parts[0])[1:]
    assert len(user_info(parts[0])) == 8
    receipt = json.loads((tmp_path / "ours.json").read_text())
    assert len(receipt["trees"][0]["left_out"]) == 1
    assert capfd.readouterr().err == ""


def index(tree):
    tree.BuildIndex("x", "y")


def test_what_belongs_to_the_tree_is_kept(tmp_path):
    other = write(tmp_path / "other.root", 7)

    def change(tree):
        alias(tree)
        information(tree)
        tree.AddFriend("other=tree", str(other))

    parts = [write(tmp_path / f"{number}.root", number, change) for number in range(2)]
    rootlake("merge", tmp_path / "ours.root", *parts)
    file = ROOT.TFile(str(tmp_path / "ours.root"))
    tree = file.Get("tree")
    assert [each.GetName() for each in tree.GetListOfFriends()] == ["other"]
    assert tree.GetAlias("sum") == "x + y"
    assert [each.GetTitle() for each in tree.GetUserInfo()] == ["2016"]


def test_what_later_trees_have_of_their_own_is_named(tmp_path):
    """The first input's aliases, friends and weight are kept, as hadd keeps them; others are told."""

    def alias(tree):
        tree.SetAlias("twice", "2 * x")

    def more(tree):
        tree.SetAlias("twice", "3 * x")
        tree.AddFriend("tree", "other.root")
        tree.SetWeight(2)

    changes = [alias, alias, more, more, lambda tree: tree.SetWeight(2)]
    parts = [write(tmp_path / f"{n}.root", n, change) for n, change in enumerate(changes)]
    said = rootlake("merge", "--json", tmp_path / "ours.root", *parts)
    (receipt,) = json.loads(said)
    (tree,) = receipt["trees"]
    assert tree["left_out"] == [
        f"fAliases of {parts[2]} and of 1 more: not what the first input has",
        f"fFriends of {parts[2]} and of 1 more: not what the first input has",
        f"fWeight of {parts[2]} and of 2 more: not what the first input has",
    ]
    subprocess.run([HADD, tmp_path / "theirs.root", *parts], check=True, capture_output=True)
    files = [ROOT.TFile(str(tmp_path / name)) for name in ("ours.root", "theirs.root")]
    for tree in [file.Get("tree") for file in files]:
        assert tree.GetAlias("twice") == "2 * x"
        assert not tree.GetListOfFriends() and tree.GetWeight() == 1


def test_a_branch_that_was_not_filled_stays_empty(tmp_path, capfd):
    def with_unfilled(tree):
        tree.Branch("unfilled", array.array("i", [0]), "unfilled/I")

    part = write(tmp_path / "part.root", 0, with_unfilled)
    rootlake("merge", tmp_path / "merged.root", part, part)
    file = ROOT.TFile(str(tmp_path / "merged.root"))
    assert [file.Get("tree").GetBranch(name).GetEntries() for name in ["x", "unfilled"]] == [100, 0]
    assert file.Get("tree").GetEntry(99) > 0
    assert capfd.readouterr().err == ""
    # Filled in one input alone, it would have fewer entries than the tree.
    filled = write(tmp_path / "filled.root", 0, branches=["x", "y", "unfilled"])
    changed = subprocess.run(
        [PROGRAM, "merge", tmp_path / "mixed.root", filled, part], capture_output=True, text=True
    )
    assert changed.returncode != 0 and not (tmp_path / "mixed.root").exists()


def entries_by_index(path):
    """Where ROOT finds each entry by its index, one after the other."""
    file = ROOT.TFile(str(path))
    tree = file.Get("tree")
    names = tree.GetTreeIndex().GetMajorName(), tree.GetTreeIndex().GetMinorName()
    numbers = [[int(getattr(entry, name)) for name in names] for entry in tree]
    found = [tree.GetEntryNumberWithIndex(*pair) for pair in numbers]
    missed = tree.GetEntryNumberWithIndex(-1, 0), tree.GetEntryNumberWithBestIndex(10**6, 0)
    file.Close()
    return found, missed


def test_an_index_leads_to_the_merged_entries(tmp_path, capfd):
    parts = [write(tmp_path / f"{number}.root", number, index) for number in (2, 0, 1)]
    for name, words in [("theirs", [HADD, "-v", "0"]), ("ours", [PROGRAM, "merge"])]:
        subprocess.run([*words, tmp_path / f"{name}.root", *parts], check=True, capture_output=True)
    found, missed = entries_by_index(tmp_path / "ours.root")
    assert (found, missed) == (list(range(150)), (-1, 49))
    assert entries_by_index(tmp_path / "theirs.root") == (found, missed)
    # What was merged goes on being merged, by ROOT too.
    again = tmp_path / "again.root"
    subprocess.run([HADD, "-v", "0", again, tmp_path / "ours.root"], check=True)
    assert entries_by_index(again) == (found, missed)
    assert capfd.readouterr() == ("", "")


def test_friends_are_found_by_a_merged_index(tmp_path):
    parts = [write(tmp_path / f"{number}.root", number, index) for number in (1, 0)]
    rootlake("merge", tmp_path / "friend.root", *parts)
    write(tmp_path / "main.root", 1)
    file = ROOT.TFile(str(tmp_path / "main.root"))
    tree = file.Get("tree")
    tree.AddFriend("friend=tree", str(tmp_path / "friend.root"))
    assert tree.GetEntries("friend.y == y") == 50


def test_the_first_of_equal_keys_is_found_and_varied_ones_all(tmp_path):
    part = write(tmp_path / "part.root", 0, index)
    rootlake("multiply", part, "--copies", 3, "-o", tmp_path / "same.root")
    assert entries_by_index(tmp_path / "same.root")[0] == 3 * list(range(50))
    rootlake("multiply", part, "--copies", 3, "--vary", "y", "-o", tmp_path / "varied.root")
    assert entries_by_index(tmp_path / "varied.root")[0] == list(range(150))


def write_numbers(path, number, names=()):
    """A tree of a branch for each kind of number, with an index of `names`."""
    file = ROOT.TFile(str(path), "recreate")
    tree = ROOT.TTree("tree", "title")
    kinds = {"c": ("b", "B"), "s": ("h", "S"), "i": ("i", "I"), "l": ("q", "L"), "u": ("Q", "l")}
    kinds |= {"o": ("b", "O"), "f": ("f", "F"), "d": ("d", "D")}
    values = {name: array.array(code, [0]) for name, (code, _) in kinds.items()}
    for name, (_, kind) in kinds.items():
        # Two have leaves that are called otherwise.
        leaf = f"{name}_leaf" if name in "id" else name
        tree.Branch(name, values[name], f"{leaf}/{kind}")
    for entry in range(20):
        for place, (name, (code, kind)) in enumerate(kinds.items()):
            value = (7 * entry + 3 * place + 11 * number) % 41 - 20
            of_kind = {"l": value % 2 << 63 | entry, "O": value % 2, "D": value * 9.9e17 + 0.5}
            values[name][0] = of_kind.get(kind, value * 0.7 if code == "f" else value)
        tree.Fill()
    if names:
        tree.BuildIndex(*names)
    tree.Write()
    file.Close()
    return path


def keys(path):
    """The keys of a tree's index: of equal ones, ROOT puts the entries in no order."""
    file = ROOT.TFile(str(path))
    index = file.Get("tree").GetTreeIndex()
    columns = index.GetIndexValues(), index.GetIndexValuesMinor(), index.GetIndex()
    return sorted(tuple(column[key] for column in columns) for key in range(index.GetN()))


LEAVES = ["i_leaf", "d.d_leaf"]


@pytest.mark.filterwarnings("ignore:.*possibly out of range")
@pytest.mark.parametrize("names", ["cs", "il", "uo", "fd", "d0", "0f", LEAVES])
def test_an_index_that_an_input_lacks_is_built_as_root_builds_it(tmp_path, names):
    has = [False, True, False, True]
    parts = [
        write_numbers(tmp_path / f"{number}.root", number, names if has[number] else ())
        for number in range(4)
    ]
    for order in (parts, parts[::-1]):
        for name, words in [("theirs", [HADD, "-f", "-v", "0"]), ("ours", [PROGRAM, "merge", "-f"])]:
            words = [*words, tmp_path / f"{name}.root", *order]
            subprocess.run(words, check=True, capture_output=True)
        assert keys(tmp_path / "ours.root") == keys(tmp_path / "theirs.root")
        assert len(keys(tmp_path / "ours.root")) == 80


@pytest.mark.parametrize("policy", ["strict", "union", "intersect"])
def test_an_index_that_cannot_be_built_is_refused_or_left_out(tmp_path, policy):
    def of_formula(tree):
        tree.BuildIndex("2*x", "y")

    parts = [write(tmp_path / "0.root", 0, of_formula), write(tmp_path / "1.root", 1)]
    words = [PROGRAM, "merge", tmp_path / "out.root", *parts, "--schema", policy]
    done = subprocess.run(words, capture_output=True, text=True)
    if policy == "strict":
        assert done.returncode == 5 and "no index (fTreeIndex), not" in done.stderr
        assert not (tmp_path / "out.root").exists()
    else:
        assert done.returncode == 0 and "index of 2*x, y left out" in done.stdout
        file = ROOT.TFile(str(tmp_path / "out.root"))
        assert not file.Get("tree").GetTreeIndex()



def referring(path):
    """A file with a reference, and the numbering that it counts by."""
    script = f"""
import ROOT
file = ROOT.TFile({str(path)!r}, "recreate")
thing = ROOT.TNamed("thing", "t")
ROOT.TRef(thing)
thing.Write()
file.Close()
"""
    # Each process numbers its references itself.
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    return path


def test_objects_that_refer_to_several_processes_are_refused_by_name(tmp_path):
    parts = [referring(tmp_path / f"{number}.root") for number in range(2)]
    words = [PROGRAM, "merge", tmp_path / "out.root", *parts]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 5 and "TProcessID" in done.stderr and "thing" in done.stderr
    rootlake("merge", tmp_path / "one.root", parts[0], parts[0])


REFERENCES = """
/// Entries with references to an object of each of two branches, as many as the number says.
void fill(const char *path, int number, bool table = false) {
    TFile file(path, "recreate");
    TTree tree("tree", "");
    auto *things = new TClonesArray("TNamed");
    auto *one = new TNamed;
    auto *chosen = new TRefArray;
    tree.Branch("things", "TClonesArray", &things, 2000, 99);
    tree.Branch("one", "TNamed", &one, 2000, 99);
    tree.Branch("chosen", "TRefArray", &chosen, 2000, 99);
    if (table) tree.BranchRef();
    const int before = TProcessID::GetObjectCount();
    for (int entry = 0; entry < 20; entry++) {
        TProcessID::SetObjectCount(before);
        things->Clear("C");
        chosen->Clear();
        for (int i = 0; i < 3; i++)
            static_cast<TNamed *>(things->ConstructedAt(i))->SetName(Form("%d_%d_%d", number, entry, i));
        chosen->Add(things->At(entry % 3));
        one->ResetBit(kIsReferenced);
        one->SetUniqueID(0);
        if (entry % 2) chosen->Add(one);
        tree.Fill();
    }
    tree.Write();
}

std::vector<std::string> follow(const char *path) {
    TFile file(path);
    auto *tree = file.Get<TTree>("tree");
    TRefArray *chosen = nullptr;
    TClonesArray *things = nullptr;
    tree->SetBranchAddress("chosen", &chosen);
    tree->SetBranchAddress("things", &things);
    std::vector<std::string> names;
    for (Long64_t entry = 0; tree->GetEntry(entry) > 0; entry++)
        names.push_back(chosen->At(0) ? chosen->At(0)->GetName() : "nothing");
    return names;
}

/// The branches in which the table of references says that the objects of each entry stand.
std::vector<std::string> parents(const char *path) {
    TFile file(path);
    auto *tree = file.Get<TTree>("tree");
    auto *process = static_cast<TProcessID *>(file.GetKey("ProcessID0")->ReadObj());
    auto *table = tree->GetBranchRef();
    std::vector<std::string> names;
    for (Long64_t entry = 0; entry < tree->GetEntries(); entry++) {
        table->GetEntry(entry);
        for (int number = 1; number <= 2; number++) {
            auto *parent = table->GetRefTable()->GetParent(number, process);
            names.push_back(parent ? parent->GetName() : "nowhere");
        }
    }
    return names;
}
"""


def declare_references():
    if not hasattr(ROOT, "follow"):
        ROOT.gInterpreter.Declare(REFERENCES)


@pytest.mark.parametrize("words", [[], ["--compress", "zstd:5"], ["--recluster", "1MB"]])
def test_tables_of_references_are_merged(tmp_path, capfd, words):
    declare_references()
    # Two files of one process.
    parts = [tmp_path / f"{number}.root" for number in range(2)]
    script = f"import ROOT; ROOT.gInterpreter.Declare({REFERENCES!r});"
    script += "".join(f"ROOT.fill({str(part)!r}, {number}, True);" for number, part in enumerate(parts))
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    ours, theirs = tmp_path / "ours.root", tmp_path / "theirs.root"
    subprocess.run([HADD, "-v", "0", theirs, *parts], check=True)
    rootlake("merge", ours, *parts, "--verify", "full", *words)
    found = list(ROOT.parents(str(ours)))
    assert found == list(ROOT.parents(str(theirs)))
    assert found == sum((list(ROOT.parents(str(part))) for part in parts), [])
    assert set(found) > {"nowhere"} and len(found) == 80
    assert list(ROOT.follow(str(ours))) == list(ROOT.follow(str(theirs)))
    assert capfd.readouterr() == ("", "")


def test_a_table_of_references_of_other_processes_is_refused_by_name(tmp_path):
    parts = [referring_tree(tmp_path / f"{number}.root", number, True) for number in range(2)]
    words = [PROGRAM, "merge", tmp_path / "out.root", *parts]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 5 and "TBranchRef" in done.stderr
    assert not (tmp_path / "out.root").exists()


def test_a_table_of_references_that_an_input_lacks_is_refused_or_left_out(tmp_path):
    parts = [referring_tree(tmp_path / f"{number}.root", number, number == 0) for number in range(2)]
    for inputs in [parts, parts[::-1]]:
        words = [PROGRAM, "merge", tmp_path / "out.root", *inputs]
        strict = subprocess.run(words, capture_output=True, text=True)
        union = subprocess.run([*words, "--schema", "union"], capture_output=True, text=True)
        for refused in (strict, union):
            assert refused.returncode == 5 and "TRefTable" in refused.stderr
        rootlake(*words[1:], "--schema", "intersect", "--force")
        file = ROOT.TFile(str(tmp_path / "out.root"))
        assert not file.Get("tree").GetBranchRef() and file.Get("tree").GetEntries() == 40
        assert json.loads((tmp_path / "out.json").read_text())["trees"][0]["dropped"] == ["TRefTable"]
        file.Close()


def referring_tree(path, number, table=False):
    """A file of a tree with references, filled by a process of its own."""
    script = f"import ROOT; ROOT.gInterpreter.Declare({REFERENCES!r}); ROOT.fill({str(path)!r}, {number}, {table})"
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    return path


def processes(path):
    """The processes of a file, and of which of them each basket of references says it counts from."""
    file = ROOT.TFile(str(path))
    keys = {key.GetName(): key for key in file.GetListOfKeys() if key.GetClassName() == "TProcessID"}
    all = [keys[f"ProcessID{number}"].ReadObj().GetTitle() for number in range(len(keys))]
    assert file.GetNProcessIDs() == len(all)
    branch = file.Get("tree").GetBranch("chosen")
    raw = path.read_bytes()
    seeks = [branch.GetBasketSeek(number) for number in range(branch.GetWriteBasket())]
    # TKey::fPidOffset: the upper 16 bits of fSeekPdir, in a key of 64 bits.
    return all, [int.from_bytes(raw[seek + 26 : seek + 28], "big") for seek in seeks]


def test_references_of_several_processes_stay_those_of_their_process(tmp_path, capfd):
    declare_references()
    parts = [referring_tree(tmp_path / f"{number}.root", number) for number in range(3)]
    own = [processes(part)[0][0] for part in parts]
    chosen = [[f"{number}_{entry}_{entry % 3}" for entry in range(20)] for number in range(3)]
    ours, theirs, again, packed = (tmp_path / f"{name}.root" for name in ["o", "t", "a", "p"])
    subprocess.run([HADD, "-v", "0", theirs, *parts], check=True)
    rootlake("merge", ours, *parts)
    assert processes(ours) == processes(theirs) == (own, [0, 1, 2])
    assert list(ROOT.follow(str(ours))) == list(ROOT.follow(str(theirs))) == sum(chosen, [])
    # What is merged already is merged on, whoever did it; so is what is compressed anew.
    rootlake("merge", again, parts[2], theirs, parts[0])
    assert processes(again) == ([own[2], *own], [0, 1, 2, 3, 1])
    assert list(ROOT.follow(str(again))) == sum([chosen[2], *chosen, chosen[0]], [])
    rootlake("multiply", ours, parts[1], "--copies", 2, "--compress", "zstd:5", "-o", packed)
    assert processes(packed) == (own, 2 * [0, 1, 2, 1])
    assert list(ROOT.follow(str(packed))) == 2 * sum([*chosen, chosen[1]], [])
    assert capfd.readouterr() == ("", "")


def test_schemas(tmp_path):
    parts = [
        write(tmp_path / "0.root", 0, branches=("x", "y")),
        write(tmp_path / "1.root", 1, branches=("x", "z")),
    ]
    words = [PROGRAM, "merge", tmp_path / "strict.root", *parts]
    assert subprocess.run(words, capture_output=True).returncode == 5
    rootlake("merge", tmp_path / "union.root", *parts, "--schema", "union")
    rootlake("merge", tmp_path / "intersect.root", *parts, "--schema", "intersect")
    told = {
        name: json.loads((tmp_path / f"{name}.json").read_text())["trees"][0]
        for name in ("union", "intersect")
    }
    assert sorted(told["union"]["filled"]) == ["y", "z"]
    assert sorted(told["intersect"]["dropped"]) == ["y", "z"]
    union = ROOT.RDataFrame("tree", str(tmp_path / "union.root"))
    assert list(union.AsNumpy(["y"])["y"]) == [*range(50), *[0] * 50]
    assert list(union.AsNumpy(["z"])["z"]) == [*[0] * 50, *range(50, 100)]
    intersect = ROOT.RDataFrame("tree", str(tmp_path / "intersect.root"))
    assert sorted(map(str, intersect.GetColumnNames())) == ["v", "x"]
    assert list(intersect.AsNumpy(["x"])["x"]) == list(range(100))


def test_pages_of_an_rntuple_are_refused_by_name(tmp_path):
    frame = ROOT.RDataFrame(5).Define("x", "rdfentry_")
    options = ROOT.RDF.RSnapshotOptions()
    options.fOutputFormat = ROOT.RDF.ESnapshotOutputFormat.kRNTuple
    frame.Snapshot("ntuple", str(tmp_path / "a.root"), ["x"], options)
    words = [PROGRAM, "merge", tmp_path / "out.root", tmp_path / "a.root", tmp_path / "a.root"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 5 and "RNTuple" in done.stderr


def collections(path, number, counts, others):
    """A tree of collections whose objects entries alone name: of one class, and with `others`."""
    file = ROOT.TFile(str(path), "recreate")
    tree = ROOT.TTree("tree", "t")
    clones, objects = ROOT.TClonesArray("TVector2"), ROOT.TObjArray()
    tree.Branch("clones", clones, 32_000, 0)
    tree.Branch("objects", objects, 32_000, 0)
    kept = []
    for entry, count in enumerate(counts):
        clones.Clear()
        objects.Clear()
        for place in range(count):
            clones.ConstructedAt(place).Set(number + entry, place)
            kept.append(ROOT.TNamed("n", "t") if place % 2 and others else ROOT.TObjString(f"{entry}"))
            objects.Add(kept[-1])
        tree.Fill()
    tree.Write()
    file.Close()
    return path


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("counts", [([0, 2, 1], [3, 0]), ([0, 0], [1, 2]), ([2, 2], [0])])
def test_collections_are_verified_where_entries_alone_name_a_class(tmp_path, counts, others):
    parts = [
        collections(tmp_path / f"{number}.root", number, count, others)
        for number, count in enumerate(counts)
    ]
    rootlake("merge", tmp_path / "ours.root", *parts, "--verify", "full")
    verified = json.loads((tmp_path / "ours.json").read_text())["trees"][0]["verified"]
    undecoded = ["objects"] if others else []
    assert verified == {"equal": 2 - len(undecoded), "undecoded": undecoded}


def split_clones(path, counts):
    """A tree of a split collection with so many items in each entry."""
    file = ROOT.TFile(str(path), "recreate")
    tree = ROOT.TTree("tree", "t")
    clones = ROOT.TClonesArray("TVector2")
    tree.Branch("clones", clones, 32_000, 1)
    for entry, count in enumerate(counts):
        clones.Clear()
        for place in range(count):
            clones.ConstructedAt(place).Set(entry, place)
        tree.Fill()
    tree.Write()
    file.Close()
    return path


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1)])
def test_a_branch_has_room_for_the_most_items_of_all(tmp_path, capfd, order):
    """ROOT takes an entry with more items than the branch ever had for an empty one."""
    counts = [[0, 0], [2, 1], [5], [1, 4]]
    parts = [split_clones(tmp_path / f"{number}.root", counts[number]) for number in order]
    rootlake("merge", tmp_path / "ours.root", *parts)
    file = ROOT.TFile(str(tmp_path / "ours.root"))
    tree = file.Get("tree")
    clones = ROOT.TClonesArray("TVector2")
    tree.SetBranchAddress("clones", clones)
    found = []
    for entry in range(tree.GetEntries()):
        tree.GetEntry(entry)
        found.append(clones.GetEntriesFast())
    assert found == sum((counts[number] for number in order), [])
    assert tree.GetBranch("clones").GetMaximum() == 5
    tree.ResetBranchAddresses()
    file.Close()
    assert capfd.readouterr().err == ""
