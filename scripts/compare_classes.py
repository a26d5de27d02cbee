#!/usr/bin/env python3
"""Hold what `rootlake dump` reads of classes drawn at random against what ROOT was given to write.

  compare_classes.py [--program rootlake] [--seeds 1:21] [--folder FOLDER] [--patience 180]

Each seed draws classes of random members, and a tree of random branches of them: split or not, alone
or in containers, with any codec. ROOT compiles and writes them; the values with which they were filled
are written as JSON beside. `rootlake dump` must print these values, all of them, and `rootlake check`
call the file sound. With --folder what was written stays there.

Prints a line for each seed. Classes that ROOT's compiler refuses, or on which it hangs, are no verdict
and are named. Ends with 1 where anything differs. Needs ROOT and a C++ compiler.
"""

import argparse, dataclasses, json, os, pathlib, random, re, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
NUMBERS = """bool;char;signed char;unsigned char;short;unsigned short;int;unsigned int;long;unsigned long;
Long64_t;ULong64_t;float;double""".replace("\n", "").split(";")
KEYS = ["int", "short", "unsigned int", "Long64_t", "double", "char", "std::string", "std::string"]
TEXTS = ["std::string", "TString"]
OBJECTS = ["TLorentzVector", "TVector3", "TDatime", "TTimeStamp", "TNamed"]
ARRAYS = ["TArrayC", "TArrayI", "TArrayF", "TVectorD", "TMatrixF", "TMatrixDSym"]
LISTS = """std::vector<TLorentzVector>;std::vector<TNamed>;std::map<int,TVector3>;std::vector<TString>;
std::complex<double>;std::vector<std::complex<float>>;ROOT::RVec<float>;std::vector<TDatime>;
std::vector<Color>;std::array<short,3>;std::bitset<17>""".replace("\n", "").split(";")
POINTED = ["std::vector<float>", "std::string", "std::map<int,short>", "TString", "TLorentzVector", "TNamed"]
RANGES = ["[0,0,8]", "[0,100,16]", "[-10,10]"]
# Of what a class of ROOT's holds, what is no value that was filled.
OWN = set("fUniqueID fBits fNrows fNcols fRowLwb fColLwb fNelems fNrowIndex fTol".split())


@dataclasses.dataclass
class Member:
    """A member of a class: how it is declared, copied, filled and written as JSON."""

    declare: str
    copy: str
    fill: str
    emit: str


def plain(name, type, dimensions="", comment=""):
    fill = f"fill(x.{name}, random);" if not comment else f"x.{name} = random.below(9);"
    initial = "" if dimensions else "{}"
    return Member(
        f"{type} {name}{dimensions}{initial};{comment and ' //' + comment}",
        f"assign({name}, other.{name});",
        fill,
        f'named(out, "{name}", is_first); emit(out, x.{name});',
    )


def counted(name, type):
    items = f"for (int i = 0; i < x.n_{name}; ++i)"
    return Member(
        f"int n_{name} = 0;\n  {type} *{name} = nullptr; //[n_{name}]",
        f"n_{name} = other.n_{name}; delete[] {name}; {name} = n_{name} ? new {type}[n_{name}] : nullptr;"
        f" for (int i = 0; i < n_{name}; ++i) {name}[i] = other.{name}[i];",
        f"delete[] x.{name}; x.n_{name} = random.below(4);"
        f" x.{name} = x.n_{name} ? new {type}[x.n_{name}] : nullptr; {items} fill(x.{name}[i], random);",
        f'named(out, "n_{name}", is_first); emit(out, x.n_{name}); named(out, "{name}", is_first);'
        f" items_of(out, x.n_{name}, [&](int i) {{ return x.{name}[i]; }});",
    )


def pointer(name, type, comment="", is_owned=False):
    """Behind a pointer that may be none, unless the comment says that it never is, or ROOT writes none as empty."""
    declare = f"std::unique_ptr<{type}> {name};" if is_owned else f"{type} *{name} = nullptr;"
    address = f"{name}.get()" if is_owned else name
    take = lambda where, new: (
        f"{where}{name}.reset({new});" if is_owned else f"delete {where}{name}; {where}{name} = {new};"
    )
    made = f"new {type}{{}}" if comment or type.startswith("std::") else f"random.below(3) ? new {type}{{}} : nullptr"
    return Member(
        f"{declare}{comment and ' //' + comment}",
        take("", f"other.{name} ? new {type}(*other.{name}) : nullptr"),
        f"{take('x.', made)} if (x.{name}) fill(*x.{name}, random);",
        f'named(out, "{name}", is_first); pointed(out, x.{address});',
    )


def pointers(name, type):
    return Member(
        f"std::vector<{type} *> {name};",
        f"{name}.clear(); for (auto *item : other.{name}) {name}.push_back(new {type}(*item));",
        f"x.{name}.clear(); for (int left = random.below(3); left > 0; --left)"
        f" {{ x.{name}.push_back(new {type}); fill(*x.{name}.back(), random); }}",
        f'named(out, "{name}", is_first);'
        f" items_of(out, x.{name}.size(), [&](int i) -> const {type} & {{ return *x.{name}[i]; }});",
    )


def characters(name):
    copy = lambda text: f"strcpy(new char[strlen({text}) + 1], {text})"
    return Member(
        f"char *{name} = nullptr;",
        f"delete[] {name}; {name} = other.{name} ? {copy(f'other.{name}')} : nullptr;",
        f"delete[] x.{name}; {{ std::string text; fill(text, random); x.{name} = {copy('text.c_str()')}; }}",
        f'named(out, "{name}", is_first); emit(out, std::string(x.{name}));',
    )


def clones(name, type):
    at = lambda where, i: f"*static_cast<const {type} *>({where}{name}.At({i}))"
    new = lambda where, i: f"*static_cast<{type} *>({where}{name}.ConstructedAt({i}))"
    return Member(
        f'TClonesArray {name}{{"{type}"}};',
        f'{name}.Clear("C"); for (int i = 0; i < other.{name}.GetEntriesFast(); ++i)'
        f' {new("", "i")} = {at("other.", "i")};',
        f'x.{name}.Clear("C"); for (int i = 0, count = random.below(3); i < count; ++i)'
        f' fill({new("x.", "i")}, random);',
        f'named(out, "{name}", is_first);'
        f" items_of(out, x.{name}.GetEntriesFast(), [&](int i) -> const {type} & {{ return {at('x.', 'i')}; }});",
    )


def objects(name, type, collection):
    at = f"*static_cast<const {type} *>(x.{name}.At(i))"
    return Member(
        f"{collection} {name};",
        f"{name}.Delete(); for (auto *item : other.{name}) {name}.Add(new {type}(*static_cast<{type} *>(item)));",
        f"x.{name}.Delete(); for (int left = random.below(3); left > 0; --left)"
        f" {{ auto *item = new {type}; fill(*item, random); x.{name}.Add(item); }}",
        f'named(out, "{name}", is_first);'
        f" items_of(out, x.{name}.GetEntries(), [&](int i) -> const {type} & {{ return {at}; }});",
    )


class Source:
    """C++ of classes and of a tree that holds them, by a seed."""

    def __init__(self, seed):
        self.seed, self.random = seed, random.Random(seed)
        self.types, self.classes, self.rooted, self.code = set(), [], [], []
        # ROOT's dictionaries hold one of each: a container of floats is one of Double32_t to C++.
        numbers = set(NUMBERS) - set(self.draw([["long", "unsigned long"], ["Long64_t", "ULong64_t"]]))
        if self.draw([True, False]):
            numbers = numbers - {"float", "double"} | {"Float16_t", "Double32_t"}
        self.numbers = sorted(numbers) + ["std::string"] * 2
        for _ in range(self.random.randint(2, 5)):
            self.add_class()
        self.branches = [self.branch(f"b{number}") for number in range(self.random.randint(3, 7))]

    def draw(self, choices):
        return self.random.choice(choices)

    def used(self, type):
        # ROOT needs no dictionary of arrays.
        self.types |= {type} if "array" not in type else set()
        return type

    def item(self, depth):
        """What may stand in a container."""
        share = self.random.random()
        if depth <= 0 or share < 0.35:
            return self.draw(self.numbers + ["TString"])
        return self.draw(self.classes) if share < 0.55 and self.classes else self.container(depth - 1)

    def container(self, depth):
        share = self.random.random()
        if share < 0.5:
            return self.used(f"std::{self.draw(['vector'] * 4 + ['list', 'deque'])}<{self.item(depth)}>")
        if share < 0.6:
            return self.used(f"std::{self.draw(['set', 'multiset', 'unordered_set'])}<{self.draw(KEYS)}>")
        if share < 0.9:
            kind = self.draw(["map", "map", "multimap", "unordered_map"])
            return self.used(f"std::{kind}<{self.draw(KEYS)},{self.item(depth)}>")
        return self.used(f"std::vector<std::pair<{self.draw(KEYS)},{self.item(0)}>>")

    def member(self, name):
        draw, few = self.draw, ["", "", "[2]"]
        simple = [
            lambda: plain(name, draw(NUMBERS + ["Color"])),
            lambda: plain(name, draw(["Double32_t", "Float16_t"]), "", draw(["", *RANGES])),
            lambda: plain(name, draw(NUMBERS + ["Double32_t"]), draw(["[1]", "[3]", "[2][3]"])),
            lambda: plain(name, draw(TEXTS), draw(few)),
            lambda: counted(name, draw(NUMBERS + ["Double32_t", "Float16_t"])),
            lambda: plain(name, draw(OBJECTS), draw(few)),
            lambda: plain(name, draw(ARRAYS)),
            lambda: plain(name, self.used(draw(LISTS))),
            lambda: pointer(name, draw(POINTED)),
            lambda: characters(name),
            lambda: plain(name, self.container(2)),
            lambda: plain(name, self.container(1), draw(few)),
        ]
        of_classes = [
            lambda: plain(name, draw(self.classes), draw(few)),
            lambda: pointer(name, draw(self.classes), draw(["", "->"])),
            lambda: pointer(name, draw(self.classes), is_owned=True),
            lambda: pointers(name, draw(self.classes)),
        ]
        of_rooted = [
            lambda: clones(name, draw(self.rooted)),
            lambda: objects(name, draw(self.rooted), draw(["TObjArray", "TList"])),
        ]
        return draw(simple * 3 + of_classes * bool(self.classes) * 3 + of_rooted * bool(self.rooted))()

    def add_class(self):
        name = f"S{len(self.classes)}_{self.seed}"
        base = self.draw(self.classes) if self.classes and self.random.random() < 0.35 else None
        is_rooted = base in self.rooted or (not base and self.random.random() < 0.3)
        members = [self.member(f"m{len(self.classes)}_{i}") for i in range(self.random.randint(1, 6))]
        parent = base or ("TObject" if is_rooted else None)
        version = self.random.randint(1, 4)
        self.code += [f"struct {name}{' : public ' + parent if parent else ''} {{"]
        self.code += [f"  {member.declare}" for member in members]
        self.code += [f"  {name}() = default;", f"  {name}(const {name} &other) : {name}() {{ *this = other; }}"]
        self.code += [f"  {name} &operator=(const {name} &other) {{", "    if (this == &other) return *this;"]
        self.code += [f"    {base}::operator=(other);"] if base else []
        self.code += [f"    {member.copy}" for member in members] + ["    return *this;", "  }"]
        if is_rooted:
            self.code += [f"  virtual ~{name}() {{}}", f"  ClassDefOverride({name},{version})"]
        elif not base and self.draw([True, False]):
            self.code += [f"  ClassDefNV({name},{version})"]
        self.code += ["};", f"inline void fill({name} &x, Random &random) {{"]
        self.code += [f"  fill(static_cast<{base} &>(x), random);"] if base else []
        self.code += [f"  {member.fill}" for member in members]
        self.code += ["}", f"inline void members(std::ostream &out, const {name} &x, bool &is_first) {{"]
        self.code += [f"  members(out, static_cast<const {base} &>(x), is_first);"] if base else []
        self.code += [f"  {member.emit}" for member in members]
        self.code += ["}", f"inline void emit(std::ostream &out, const {name} &x) {{"]
        self.code += ["  bool is_first = true;", "  out << '{';", "  members(out, x, is_first);", "  out << '}';", "}"]
        self.classes.append(name)
        self.rooted += [name] * is_rooted

    def branch(self, name):
        """Its name, type, splitting and size of baskets; of a TClonesArray its objects' class."""
        share = self.random.random()
        of_clones = self.draw(self.rooted or ["TLorentzVector"]) if share > 0.9 else None
        type = (
            self.draw(self.classes)
            if share < 0.4
            else self.used(f"std::vector<{self.draw(self.classes)}>") if share < 0.6 else self.container(3)
        )
        dot = "." if share < 0.2 else ""
        return name + dot, type, self.draw([0, 1, 2, 99, 99]), self.draw([300, 1000, 4000, 32000]), of_clones

    def holder(self, number):
        """The variable of a branch: its declaration, and how it is filled and written as JSON."""
        name, type, split, size, of_clones = self.branches[number]
        variable, label = f"v{number}", f'named(out, "{name.rstrip(".")}", is_first);'
        address = f"&{variable}"
        fill, emit = f"fill({variable}, random);", f"emit(out, {variable});"
        declare = f"{type} {variable};"
        if of_clones:
            member = clones("value", of_clones)
            label = ""
            address = f"&{variable}.value"
            fill, emit = (
                f"{{ auto &x = {variable}; {code} }}".replace('"value"', f'"{name.rstrip(".")}"')
                for code in (member.fill, member.emit)
            )
            declare = f"struct {{ {member.declare} }} {variable};"
            declare += f" {variable}.value.BypassStreamer({self.draw(['true', 'false'])});"
        return f'{declare} tree.Branch("{name}", {address}, {size}, {split});', f"{fill} {label} {emit}"

    def text(self):
        """All of it."""
        codec, entries = self.draw([0, 101, 106, 207, 404, 505]), self.draw([1, 7, 40, 40, 120])
        flush = self.draw([-30000000, 10, 7, -2000])
        holders = [self.holder(number) for number in range(len(self.branches))]
        links = [f"#pragma link C++ class {name}+;" for name in [*self.classes, *sorted(self.types, key=len)]]
        # The overloads of classes are declared before the templates that call them.
        declared = [
            f"struct {name}; inline void fill({name} &, Random &); inline void emit(std::ostream &, const {name} &);"
            for name in self.classes
        ]
        return "\n".join(
            ["#include <iosfwd>", "struct Random;", *declared, f'#include "{HERE}/compare_classes.h"', *self.code]
            + ["#ifdef __CLING__", "#pragma link C++ enum Color;", *links, "#endif"]
            + ["void write(const char *path, const char *values) {", f"  Random random{{{self.seed}}};"]
            + [f'  TFile file(path, "RECREATE", "", {codec});', '  TTree tree("t", "t");']
            + [f"  tree.SetAutoFlush({flush});", *(f"  {declare}" for declare, _ in holders)]
            + ["  std::ofstream out(values);", f"  for (int entry = 0; entry < {entries}; ++entry) {{"]
            + ["    bool is_first = true;", "    out << '{';", *(f"    {write}" for _, write in holders)]
            + ['    out << "}\\n";', "    tree.Fill();", "  }", "  tree.Write();", "}", ""]
        )


def at(value, path):
    """What stands at a path of names, in all items of the lists on the way."""
    if not path:
        return value
    if isinstance(value, list):
        return [at(item, path) for item in value]
    return at(value[path[0]], path[1:])


def leaves(value, path=()):
    """The paths of all that is no record."""
    if isinstance(value, dict):
        return {leaf for name in value for leaf in leaves(value[name], (*path, name))}
    if isinstance(value, list):
        return {leaf for item in value for leaf in leaves(item, path)}
    return {path}


def bare(value):
    """Without lists of one, as pointers and arrays of one make them."""
    if isinstance(value, list):
        return bare(value[0]) if len(value) == 1 else [bare(item) for item in value]
    return value


def same(filled, read):
    """Whether values are equal; short floats and the counts of split collections are nearly so."""
    if isinstance(filled, list) and type(read) is int:
        return len(filled) == read
    if isinstance(filled, list):
        return isinstance(read, list) and len(filled) == len(read) and all(map(same, filled, read))
    if isinstance(filled, (str, bool)) or isinstance(read, (str, bool, list)):
        return filled == read
    return abs(filled - read) <= 0.12 * max(1, abs(filled)) if isinstance(read, float) else filled == read


def places(value, path=()):
    """The paths of everything, with what is known to stand there: records, lists of any, leaves."""
    here = {path} if path else set()
    if isinstance(value, dict):
        return here.union(*(places(value[name], (*path, name)) for name in value))
    return here.union(*(places(item, path) for item in value)) if isinstance(value, list) else here


def path_of(column, known, inner):
    """Where the values of a column stand: ROOT names bases, and some members twice, on the way.

    What no entry holds any of may have members that are not `known`; it is none of the `inner` places.
    """
    path = ()
    names = re.sub(r"\[[^]]*\]", "", column).split(".")
    for name in names:
        path = (*path, name) if (*path, name) in known else path
    return path if path and (path[-1] == names[-1] or path not in inner) else None


def compare(program, path, values):
    """What differs between a tree and what was filled, one line for each, and how many columns are equal."""
    filled = [json.loads(line) for line in pathlib.Path(values).read_text().splitlines()]
    done = subprocess.run([program, "dump", "--json", path], capture_output=True, text=True)
    problems = [line for line in done.stderr.splitlines() if line]
    check = subprocess.run([program, "check", path], capture_output=True, text=True)
    if check.returncode:
        problems.append(f"check: {check.stdout[-300:]}")
    read = [json.loads(line) for line in done.stdout.splitlines()]
    if len(read) != len(filled):
        return problems + [f"{len(read)} entries of {len(filled)}"], 0
    wanted = {leaf for entry in filled for leaf in leaves(entry)}
    known = set().union(*map(places, filled))
    inner = {place[:-1] for place in known}
    equal, seen = 0, set()
    for column in read[0]:
        if re.sub(r"\[.*", "", column.split(".")[-1]) in OWN:
            continue
        place = path_of(column, known, inner)
        seen.add(place)
        pairs = [] if place is None else [(at(entry, place), line[column]) for entry, line in zip(filled, read)]
        wrong = [pair for pair in pairs if not same(*pair) and not same(*map(bare, pair))]
        if place is None:
            problems.append(f"{column}: no such member")
        elif wrong:
            problems.append(f"{column}: {str(wrong[0])[:300]}")
        else:
            equal += 1
    missing = wanted - seen
    return problems + [f"{'.'.join(leaf)}: not read" for leaf in sorted(missing)], equal


def write(source, folder, patience, function="write"):
    """Compiles C++ and has its function write a tree; what ROOT says where it cannot."""
    (folder / "source.cxx").write_text(source)
    code = (
        "import ROOT, os; ROOT.gROOT.SetBatch(True); "
        f"ROOT.gSystem.CompileMacro('{folder}/source.cxx', 'kO-', '', '{folder}') == 1 or os._exit(1); "
        f"ROOT.{function}('{folder}/tree.root', '{folder}/values.json'); os._exit(0)"
    )
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, timeout=patience
        )
    except subprocess.TimeoutExpired:
        return f"ROOT takes more than {patience} s"
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "rror" in line or "atal" in line]
    return (lines or ["ROOT fails"])[0][:160] if done.returncode else None


def one(seed, arguments, folder):
    folder.mkdir(parents=True, exist_ok=True)
    refusal = write(Source(seed).text(), folder, arguments.patience)
    if refusal:
        return f"seed {seed}: not compared: {refusal}", False
    problems, equal = compare(arguments.program, str(folder / "tree.root"), folder / "values.json")
    lines = [f"seed {seed}: {equal} columns equal, {len(problems)} problems", *(f"  {line}" for line in problems[:8])]
    return "\n".join(lines), bool(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(HERE.parent / "target/release/rootlake"))
    parser.add_argument("--seeds", default="1:21")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--patience", type=float, default=180)
    arguments = parser.parse_args()
    first, end = map(int, arguments.seeds.split(":"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = (arguments.folder or pathlib.Path(scratch)).resolve()
        bad = 0
        for seed in range(first, end):
            line, is_bad = one(seed, arguments, folder / f"seed_{seed}")
            print(line, flush=True)
            bad += is_bad
    print(f"{bad} of {end - first} seeds differ")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
