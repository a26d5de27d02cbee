#!/usr/bin/env python3
"""Writes crates/io/src/object/builtin.tsv: the class layouts that rootlake writes.

Needs real ROOT (`pip install root`). A class is a line `class name version checksum`; each of its
elements follows as a line beginning with the TStreamerElement's own class:

  element  name  title  type  size  array_length  array_dim  max_index(5, comma)  type_name  extra

`extra` is the base's version, `count_name count_class count_version`, or `stl_type ctype`.
"""

import sys

import ROOT

CLASSES = """
TObject TNamed TString TAttLine TAttFill TAttMarker TAttAxis TCollection TSeqCollection TList
THashList TObjArray TArray TArrayC TArrayS TArrayI TArrayL64 TArrayF TArrayD TObjString
ROOT::TIOFeatures TTree TBranch TBranchElement TBranchRef TRefTable TLeaf TLeafB TLeafS TLeafI
TLeafL TLeafG TLeafF TLeafD TLeafO TLeafC TLeafElement TH1 TH1F TH1D TH2 TH2F TH2D TProfile TAxis
THStack TStreamerInfo TStreamerElement TStreamerBase TStreamerBasicType TStreamerBasicPointer
TStreamerLoop TStreamerObject TStreamerObjectPointer TStreamerObjectAny TStreamerObjectAnyPointer
TStreamerString TStreamerSTL TStreamerSTLstring TStreamerArtificial TAttText TAttBBox2D TAttPad
TAttCanvas TVirtualPad TPad TBox TPave TLegend TLegendEntry TText TLatex TLine TGraph
TParameter<double>
""".split()

# Bases written in a version that older readers know too: in ROOT 6.40 it is the newest but one, laid
# out alike, with the same checksum.
OLDER_BASES = {"TAttMarker": 2}

# What TCanvas::Streamer writes behind the pad. ROOT describes the class in no file; checksum 0 says
# that we do not either.
CANVAS = [
    ["class", "TCanvas", 8, 0],
    ["TStreamerBase", "TPad", "", 0, 0, 0, 0, "0,0,0,0,0", "BASE", 13],
    ["TStreamerString", "fDISPLAY", "", 65, 24, 0, 0, "0,0,0,0,0", "TString"],
    ["TStreamerBasicType", "fDoubleBuffer", "", 3, 4, 0, 0, "0,0,0,0,0", "int"],
    ["TStreamerBasicType", "fRetained", "", 18, 1, 0, 0, "0,0,0,0,0", "bool"],
    *(
        ["TStreamerBasicType", name, "", 5, 4, 0, 0, "0,0,0,0,0", "float"]
        for name in ("fXsizeUser", "fYsizeUser", "fXsizeReal", "fYsizeReal")
    ),
    *(
        ["TStreamerBasicType", name, "", 3, 4, 0, 0, "0,0,0,0,0", "int"]
        for name in ("fWindowTopX", "fWindowTopY", "fWindowWidth", "fWindowHeight", "fCw", "fCh")
    ),
    ["TStreamerObjectAny", "fCatt", "", 62, 24, 0, 0, "0,0,0,0,0", "TAttCanvas"],
    *(
        ["TStreamerBasicType", name, "", 18, 1, 0, 0, "0,0,0,0,0", "bool"]
        for name in ("kMoveOpaque", "kResizeOpaque")
    ),
    ["TStreamerBasicType", "fHighLightColor", "", 2, 2, 0, 0, "0,0,0,0,0", "short"],
    *(
        ["TStreamerBasicType", name, "", 18, 1, 0, 0, "0,0,0,0,0", "bool"]
        for name in ("fBatch", "kShowEventStatus", "kAutoExec", "kMenuBar")
    ),
]


def extra(element):
    kind = element.IsA().GetName()
    if kind == "TStreamerBase":
        return [OLDER_BASES.get(element.GetName(), element.GetBaseVersion())]
    if kind in ("TStreamerBasicPointer", "TStreamerLoop"):
        return [element.GetCountName(), element.GetCountClass(), element.GetCountVersion()]
    if kind in ("TStreamerSTL", "TStreamerSTLstring"):
        return [element.GetSTLtype(), element.GetCtype()]
    return []


def lines():
    for name in CLASSES:
        info = ROOT.TClass.GetClass(name).GetStreamerInfo()
        # A class without a version of its own (ROOT::TIOFeatures) is stored with version 1.
        yield ["class", info.GetName(), abs(info.GetClassVersion()), info.GetCheckSum()]
        for element in info.GetElements():
            if element.GetName() == "TVirtualStreamerInfo":
                # TStreamerInfo::Streamer writes a TNamed in its place.
                element = ROOT.TStreamerBase("TNamed", "The basis for a named object", 0)
                element.SetBaseVersion(1)
            indices = ",".join(str(element.GetMaxIndex(i)) for i in range(5))
            yield [
                element.IsA().GetName(),
                element.GetName(),
                element.GetTitle(),
                element.GetType(),
                element.GetSize(),
                element.GetArrayLength(),
                element.GetArrayDim(),
                indices,
                element.GetTypeName(),
                *extra(element),
            ]
    yield from CANVAS


def main():
    out = open(sys.argv[1], "w") if len(sys.argv) > 1 else sys.stdout
    print(f"# Written by scripts/dump_layouts.py with ROOT {ROOT.gROOT.GetVersion()}", file=out)
    for line in lines():
        print("\t".join(str(field).replace("\t", " ") for field in line), file=out)


main()
