"""Objects of every class that ROOT merges, filled at random: one maker for each case.

A maker takes the number of the file (0, 1, 2) and gives the object to be written to it.
"""

import array
import random

import ROOT

RANDOM = random.Random(20)
KEPT = []
ROOT.TH1.AddDirectory(False)


def kept(made):
    """Leaves the object to ROOT: what Python deletes may be in a list."""
    ROOT.SetOwnership(made, False)
    KEPT.append(made)
    return made


def gauss():
    return RANDOM.gauss(0.3, 1.5)


def doubles(*values):
    return array.array("d", values)


def histogram(name, *limits, fills=200, weighted=False, make=lambda made: None):
    """A histogram or profile of the class `name`, with a fill on every axis each time."""

    def maker(number):
        made = kept(getattr(ROOT, name)("h", "title", *limits))
        make(made)
        # What is profiled comes last.
        axes = made.GetDimension() + name.startswith("TProfile")
        for _ in range(fills):
            made.Fill(*(gauss() for _ in range(axes)), *([RANDOM.random()] if weighted else []))
        return made

    return maker


ONE, TWO, THREE = (20, -3, 3), (7, -3, 3, 5, -2, 2), (7, -3, 3, 5, -2, 2, 4, -1, 1)


def sumw2_in(number_of):
    def maker(number):
        weigh = number == number_of
        return histogram("TH1D", *ONE, weighted=weigh, make=lambda h: weigh and h.Sumw2())(number)

    return maker


def set_by_bin(number):
    made = kept(ROOT.TH1D("h", "t", *ONE))
    for cell in range(22):
        made.SetBinContent(cell, RANDOM.random() * 10)
    return made


def partly_set_by_bin(number):
    return set_by_bin(number) if number == 1 else histogram("TH1D", *ONE)(number)


def empty_first(number):
    return histogram("TH1D", *ONE, fills=100 * number)(number)


def only_errors(where, limits=lambda number: ONE):
    """Errors in the bins of a histogram that was never filled."""

    def make(number):
        if number not in where:
            return histogram("TH1D", *limits(number))(number)
        made = kept(ROOT.TH1D("h", "t", *limits(number)))
        made.Sumw2()
        for cell in range(made.GetNcells()):
            made.SetBinError(cell, 1 + cell)
        made.SetEntries(0)
        return made

    return make


def with_functions(number):
    made = histogram("TH1F", *ONE)(number)
    made.GetListOfFunctions().Add(kept(ROOT.TNamed(f"function{number}", "x")))
    return made


def same_labels(number):
    made = kept(ROOT.TH1D("h", "t", 4, 0, 4))
    for place, label in enumerate("abcd"):
        made.GetXaxis().SetBinLabel(place + 1, label)
    for _ in range(50):
        made.Fill(RANDOM.choice("abcd"), 1)
    return made


def shifted_labels(number, bins=4):
    made = kept(ROOT.TH1D("h", "t", bins, 0, bins))
    for place, label in enumerate(["abcd", "bcda", "cdab"][number]):
        made.GetXaxis().SetBinLabel(place + 1, label)
    for place in range(bins):
        made.SetBinContent(place + 1, RANDOM.random())
    return made


def new_labels(number):
    made = kept(ROOT.TH1D("h", "t", 3, 0, 3))
    made.SetCanExtend(ROOT.TH1.kAllAxes)
    for _ in range(50):
        made.Fill(RANDOM.choice(["abc", "bcde", "fghijk"][number]), 1)
    return made


def few_labels(number):
    made = new_labels(number)
    made.LabelsDeflate()
    return made


def labels_of_two_axes(number):
    made = kept(ROOT.TH2D("h", "t", 3, 0, 3, 2, 0, 2))
    made.SetCanExtend(ROOT.TH1.kAllAxes)
    for _ in range(50):
        label = RANDOM.choice(["abc", "bcde", "fghijk"][number])
        made.Fill(label, RANDOM.choice(["xy", "yz", "w"][number]), 1)
    return made


def other_limits(name, *more):
    def maker(number):
        low, high = [0, 1, -1][number], [10, 11, 9][number]
        made = kept(getattr(ROOT, name)("h", "t", [10, 20, 10][number], low, high, *more))
        for _ in range(100):
            rest = [RANDOM.random() * 4] if more or name == "TProfile" else []
            made.Fill(low + RANDOM.random() * (high - low), *rest)
        return made

    return maker


def extended(number):
    made = kept(ROOT.TH1D("h", "t", 10, 0, 10))
    made.SetCanExtend(ROOT.TH1.kAllAxes)
    for _ in range(100):
        made.Fill(RANDOM.random() * [8, 30, 100][number])
    return made


def waiting(*limits, room=0):
    """A histogram that keeps its fills aside until it knows its limits."""
    name = "TH1D" if len(limits) == 3 else "TH2D"
    make = lambda made: room and made.SetBuffer(room)
    return histogram(name, *limits, fills=100, make=make)


def partly_waiting(number):
    return waiting(10, *((-6, 6) if number == 1 else (0, 0)))(number)


def sparse(name, weighted=lambda number: False, axes=3, bins=(5, 4, 3), fills=60):
    def maker(number):
        high = doubles(*range(1, axes + 1))
        bounds = array.array("i", bins), doubles(*[0] * axes), high
        made = kept(getattr(ROOT, name)("h", "t", axes, *bounds))
        if weighted(number):
            made.Sumw2()
        for _ in range(fills):
            place = doubles(*(RANDOM.random() * edge * 1.1 for edge in high))
            made.Fill(place, RANDOM.random() if weighted(number) else 1.0)
        return made

    return maker


def polygons(is_weighted=lambda number: False, fills=60):
    def maker(number):
        made = kept(ROOT.TH2Poly("h", "t", 0, 4, 0, 4))
        if is_weighted(number):
            made.Sumw2()
        made.Honeycomb(0, 0, 0.4, 5, 5)
        for _ in range(fills):
            place = RANDOM.random() * 5 - 0.5, RANDOM.random() * 5 - 0.5
            made.Fill(*place, RANDOM.random() if is_weighted(number) else 1)
        return made

    return maker


def polygons_set_by_bin(number):
    made = polygons(fills=0)(number)
    for bin in range(1, made.GetNumberOfBins()):
        made.SetBinContent(bin, bin * (number + 1))
    return made


def profiled_polygons(number):
    made = kept(ROOT.TProfile2Poly("h", "t", 0, 4, 0, 4))
    made.Honeycomb(0, 0, 0.4, 5, 5)
    for _ in range(40 * number):
        place = RANDOM.random() * 5 - 0.5, RANDOM.random() * 5 - 0.5
        made.Fill(*place, gauss(), RANDOM.random())
    return made


def sampled(fills):
    """What is known of a sample of as many values as `fills` says."""

    def make(number):
        made = kept(ROOT.TStatistic("s"))
        for _ in range(fills[number]):
            made.Fill(gauss(), RANDOM.random())
        return made

    return make


def efficiency(weighted=False, weight=lambda number: 1):
    def maker(number):
        made = kept(ROOT.TEfficiency("e", "t", 10, 0, 10))
        if weighted:
            made.SetUseWeightedEvents()
        for _ in range(100):
            passed, place = RANDOM.random() < 0.6, RANDOM.random() * 10
            if weighted:
                made.FillWeighted(passed, RANDOM.random(), place)
            else:
                made.Fill(passed, place)
        made.SetWeight(weight(number))
        return made

    return maker


def stack(number):
    made = kept(ROOT.THStack("s", "t"))
    for name in "ab":
        part = histogram("TH1F", *ONE)(number)
        part.SetName(name)
        made.Add(part)
    return made


def graph(name, errors=0):
    def maker(number):
        made = kept(getattr(ROOT, name)())
        made.SetName("g")
        for point in range(5 + number):
            made.SetPoint(point, *(gauss() for _ in range(3 if "2D" in name else 2)))
            if errors:
                made.SetPointError(point, *(RANDOM.random() for _ in range(errors)))
        return made

    return maker


def graphs(number):
    made = kept(ROOT.TMultiGraph("m", "t"))
    for name in "gh":
        part = graph("TGraph")(number)
        part.SetName(name)
        made.Add(part)
    return made


def parameter(kind, mode):
    def maker(number):
        value = (number != 1) if kind == "bool" else [3, 7, 5][number]
        made = kept(ROOT.TParameter[kind]("p", value))
        made.SetMergeMode(mode)
        return made

    return maker


def collection(name):
    def maker(number):
        made = kept(getattr(ROOT, name)())
        made.SetName("l")
        made.Add(histogram("TH1F", *ONE)(number))
        made.Add(kept(ROOT.TNamed("a", f"a{number}")))
        return made

    return maker


def list_of_lists(number):
    made = kept(ROOT.TList())
    made.SetName("outer")
    made.Add(collection("TList")(number))
    return made


def table(number):
    made = kept(ROOT.TMap())
    made.Add(kept(ROOT.TObjString("key")), kept(ROOT.TObjString(f"value{number}")))
    return made


def vector(number):
    made = kept(ROOT.TVectorD(3))
    made[0] = number
    return made


def event_list(titles, *entries):
    """A list of entries that passed the cut of its title."""

    def make(number):
        made = kept(ROOT.TEventList("e", titles[number]))
        made.SetDirectory(ROOT.nullptr)
        for entry in entries[number]:
            made.Enter(entry)
        return made

    return make


def entry_list(file_of, *entries):
    """A list of entries of the tree in the file that `file_of` names."""

    def make(number):
        made = kept(ROOT.TEntryList("e", f"title{number}", "tree", file_of(number)))
        made.SetDirectory(ROOT.nullptr)
        for entry in entries[number]:
            made.Enter(entry)
        return made

    return make


def entry_array(file_of, *entries, within=False):
    """A list that can say which places within an entry passed, which none does unless `within`."""

    def make(number):
        made = kept(ROOT.TEntryListArray("e", f"title{number}", "tree", file_of(number)))
        made.SetDirectory(ROOT.nullptr)
        for entry in entries[number]:
            made.Enter(entry, ROOT.nullptr, number) if within else made.Enter(entry)
        return made

    return make


def ordered(number):
    """A collection of which ROOT adds the histogram and keeps the names of all."""
    made = kept(ROOT.TOrdCollection())
    made.AddLast(histogram("TH1F", *ONE)(number))
    made.AddLast(kept(ROOT.TNamed(f"name{number}", "x")))
    return made


def clones(number):
    """What hadd keeps the first of, saying that one may not add to it."""
    made = kept(ROOT.TClonesArray("TNamed"))
    made.ConstructedAt(0).SetName(f"name{number}")
    return made


def chain_list(number):
    """A list of entries of several files, some of which others list too."""
    made = kept(ROOT.TEntryList("e", "chain"))
    made.SetDirectory(ROOT.nullptr)
    for file in range(number, number + 2):
        for entry in range(number, 90, 2 + number):
            made.Enter(entry, "tree", f"/data/{file}.root")
    return made


def blank_first_list(number):
    if number == 0:
        made = kept(ROOT.TEntryList("e", "blank"))
        made.SetDirectory(ROOT.nullptr)
        return made
    return chain_list(number)


ONE_FILE, OWN_FILE = lambda number: "/data/a.root", lambda number: f"/data/{number}.root"

CASES = {
    "TEntryList": entry_list(ONE_FILE, range(0, 100, 3), range(0, 100, 7), range(50, 60)),
    "TEntryList_files": entry_list(OWN_FILE, [1, 2], [], [5, 70_000]),
    "TEntryList_two_files": entry_list(lambda number: f"/data/{number % 2}", [1, 2], [3], [2, 5]),
    "TEntryList_none": entry_list(ONE_FILE, [], [3], []),
    "TEntryList_blocks": entry_list(
        ONE_FILE, range(0, 200_000, 9), [5, 63_999, 64_000, 500_000], range(0, 130_000, 20)
    ),
    "TEntryList_many": entry_list(
        ONE_FILE, range(0, 64_000, 2), [*range(1, 62_000, 2), 300_000], range(0, 64_000, 7)
    ),
    "TEntryList_all": entry_list(
        ONE_FILE, [*range(0, 63_000), 64_000], [*range(500, 64_000), 64_000], [63_999, 70_000]
    ),
    "TEntryList_chain": chain_list,
    "TEntryListArray": entry_array(ONE_FILE, range(0, 100, 3), range(0, 100, 7), range(50, 60)),
    "TEntryListArray_files": entry_array(OWN_FILE, [1, 2], [], [5, 70_000]),
    "TOrdCollection": ordered,
    "TEntryList_blank_first": blank_first_list,
    "TEventList": event_list(["x > 1", "", "x < 0"], [1, 5, 9], [2, 5], [0, 5, 100]),
    "empty_event_lists": event_list(["a", "b", "c"], [], [2, 5], []),
    **{f"TH1{kind}": histogram(f"TH1{kind}", *ONE) for kind in "CSIFDL"},
    **{f"TH2{kind}": histogram(f"TH2{kind}", *TWO) for kind in "CSIFDL"},
    **{f"TH3{kind}": histogram(f"TH3{kind}", *THREE) for kind in "CSIFDL"},
    "weighted": histogram("TH1F", *ONE, weighted=True, make=lambda made: made.Sumw2()),
    "TProfile": histogram("TProfile", *ONE),
    "weighted_profile": histogram("TProfile", *ONE, weighted=True, make=lambda p: p.Sumw2()),
    "TProfile2D": histogram("TProfile2D", *TWO),
    "TProfile3D": histogram("TProfile3D", *THREE),
    "variable_bins": histogram("TH1F", 4, doubles(-3, -1, 0, 2, 2.5)),
    "errors_in_first": sumw2_in(0),
    "errors_in_second": sumw2_in(1),
    "set_by_bin": set_by_bin,
    "partly_set_by_bin": partly_set_by_bin,
    "empty_first": empty_first,
    "errors_alone": only_errors([0, 1, 2]),
    "errors_alone_in_first": only_errors([0]),
    "errors_alone_in_second": only_errors([1]),
    "errors_alone_elsewhere": only_errors([1], lambda number: (20, -5 - 5 * (number == 1), 5 + 5 * (number == 1))),
    "functions": with_functions,
    "same_labels": same_labels,
    "shifted_labels": shifted_labels,
    "new_labels": new_labels,
    "few_labels": few_labels,
    "labels_of_two_axes": labels_of_two_axes,
    "other_limits": other_limits("TH1D"),
    "other_limits_2d": other_limits("TH2F", 4, 0, 4),
    "other_limits_profile": other_limits("TProfile"),
    "extended": extended,
    "waiting": waiting(10, 0, 0),
    "waiting_2d": waiting(10, 0, 0, 5, 0, 0),
    "waiting_too_many": waiting(10, 0, 0, room=250),
    "partly_waiting": partly_waiting,
    "waiting_with_limits": waiting(10, -2, 2, room=500),
    "THnSparse": sparse("THnSparseD"),
    "THnSparse_weighted": sparse("THnSparseF", lambda number: True),
    "THnSparse_chunks": sparse("THnSparseI", axes=10, bins=[3] * 10, fills=250),
    "THn": sparse("THnD"),
    "THn_weighted_later": sparse("THnF", lambda number: number > 0),
    "TH2Poly": polygons(),
    "TH2Poly_weighted": polygons(lambda number: True),
    "TH2Poly_weighted_first": polygons(lambda number: number == 0),
    "TH2Poly_weighted_later": polygons(lambda number: number > 0),
    "TH2Poly_weighted_behind_overflow": polygons(lambda number: number > 0, fills=2),
    "TH2Poly_set_by_bin": polygons_set_by_bin,
    "TProfile2Poly": profiled_polygons,
    "TStatistic": sampled([20, 30, 40]),
    "TStatistic_empty_first": sampled([0, 3, 0]),
    "TStatistic_empty": sampled([0, 0, 0]),
    "TEfficiency": efficiency(),
    "TEfficiency_weighted": efficiency(weighted=True),
    "TEfficiency_weights": efficiency(weight=lambda number: 0.5 + number),
    "THStack": stack,
    "TGraph": graph("TGraph"),
    "TGraphErrors": graph("TGraphErrors", 2),
    "TGraphAsymmErrors": graph("TGraphAsymmErrors", 4),
    "TGraphBentErrors": graph("TGraphBentErrors", 8),
    "TGraph2D": graph("TGraph2D"),
    "TMultiGraph": graphs,
    **{
        f"TParameter_{kind}_{mode}": parameter(kind, mode)
        for kind in ("int", "Long64_t", "float", "double", "bool")
        for mode in "+*Mmfl"
    },
    "TList": collection("TList"),
    "TObjArray": collection("TObjArray"),
    "THashList": collection("THashList"),
    "list_of_lists": list_of_lists,
    "TMap": table,
    "TObjString": lambda number: kept(ROOT.TObjString(f"s{number}")),
    "TNamed": lambda number: kept(ROOT.TNamed("n", f"t{number}")),
    "TVectorD": vector,
}


def points(number):
    made = kept(ROOT.TPolyMarker(3))
    for point in range(3):
        made.SetPoint(point, gauss(), gauss())
    return made


def averages(name, *limits, mixed=False, weighted=True, empty=()):
    """Bins that hold averages, of which those without errors are exact, and those of 0 unknown."""

    def maker(number):
        made = kept(getattr(ROOT, name)("h", "title", *limits))
        if weighted:
            made.Sumw2()
        if not mixed or number == 1:
            made.SetBit(ROOT.TH1.kIsAverage)
        for cell in () if number in empty else range(made.GetNcells()):
            made.SetBinContent(cell, RANDOM.choice([0, 1, 1, 1]) * (1 + RANDOM.random()) * 20)
            if weighted:
                made.SetBinError(cell, RANDOM.choice([0, 1, 1, 1]) * RANDOM.random())
        return made

    return maker


def several_errors(number, kinds=2):
    """A graph with several errors of each point, as many points as the number says and two."""
    values = lambda: doubles(*(RANDOM.random() for _ in range(2 + number)))
    made = kept(ROOT.TGraphMultiErrors("g", "title", 2 + number, *(values() for _ in range(6))))
    for _ in range(1, kinds):
        made.AddYError(2 + number, values(), values())
    return made


# What hadd adds up as if averages were counts, and what it crashes on: here each is what ROOT makes
# of the three in another way.
AVERAGES = {
    "TH1D": averages("TH1D", *ONE),
    "TH1I": averages("TH1I", *ONE),
    "counts": averages("TH1D", *ONE, weighted=False),
    "TH2F": averages("TH2F", *TWO),
    "TH3D": averages("TH3D", *THREE),
}


def named_stack(number):
    made = kept(ROOT.THStack("s", "t"))
    part = histogram("TH1F", *ONE)(number)
    part.SetName("abc"[number])
    made.Add(part)
    return made


def limits_that_do_not_meet(number):
    return histogram("TH1D", 10 + number, -3, 3)(number)


# What cannot be added, or would be added wrongly: ROOT adds the last three by place.
REFUSED = {
    "TEntryListArray_within_entries": entry_array(ONE_FILE, *[range(9)] * 3, within=True),
    "TClonesArray": clones,
    "TPolyMarker": points,
    "limits_that_do_not_meet": limits_that_do_not_meet,
    "averages_and_counts": averages("TH1D", *ONE, mixed=True),
    "averages_of_others": lambda number: averages("TH1D", 10, number, 10 + number)(number),
    "errors_of_several_kinds": lambda number: several_errors(number, 2 + number),
    "shifted_labels_of_some_bins": lambda number: shifted_labels(number, 5),
    "named_stack": named_stack,
}
