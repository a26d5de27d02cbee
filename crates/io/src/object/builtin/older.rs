//! Earlier versions of classes, which no file describes: those of the classes that describe
//! classes, and what ROOT wrote before there was streamer info (before version 3), as the
//! `Streamer`s of `TTree`, `TBranch` and their bases read it.

use super::super::layout::{ClassLayout, Element, ElementExtra};

/// `TTree` at version 4: its bases, then members and their types.
const TREE_4: &str = "
    TNamed TAttLine TAttFill TAttMarker
    fScanField:int fMaxEntryLoop:int fMaxVirtualSize:int
    fEntries:double fTotBytes:double fZipBytes:double fAutoSave:int fEstimate:int
    fBranches:TObjArray fLeaves:TObjArray fIndexValues:TArrayD fIndex:TArrayI fInfoList:TList";

/// `TBranch` at version 5. Its arrays bring their own lengths.
const BRANCH_5: &str = "
    TNamed fCompress:int fBasketSize:int fEntryOffsetLen:int fMaxBaskets:int fWriteBasket:int
    fEntryNumber:int fEntries:double fTotBytes:double fZipBytes:double fOffset:int
    fBranches:TObjArray fLeaves:TObjArray fBaskets:TObjArray
    fBasketEntry:TArrayI fBasketBytes:TArrayI fBasketSeek:TArrayI fFileName:TString";

/// The earlier versions of the class whose newest layout is `newest`.
pub(super) fn versions(newest: &ClassLayout) -> Vec<ClassLayout> {
    let same = |versions: &[i32]| {
        versions
            .iter()
            .map(|&version| ClassLayout {
                version,
                ..newest.clone()
            })
            .collect()
    };
    match &*newest.name {
        "TStreamerInfo" => same(&[2, 3, 4, 5, 6, 7, 8, 9]),
        "TStreamerElement" => {
            let mut older: Vec<ClassLayout> = same(&[2, 3]);
            // Version 3 alone stored the range of a Double32_t.
            if let Some(third) = older.get_mut(1) {
                let range = ["fXmin", "fXmax", "fFactor"].map(|name| member(name, "double"));
                third.elements.extend(range);
            }
            older
        }
        "TStreamerBase" | "TStreamerSTL" => same(&[2]),
        // Version 2 is the base with which trees and histograms are written.
        "TAttMarker" => same(&[1, 2]),
        "TAttLine" | "TAttFill" | "TLeaf" => same(&[1]),
        "TList" => same(&[4]),
        "TTree" => vec![spelt_out(newest, 4, TREE_4)],
        "TBranch" => vec![spelt_out(newest, 5, BRANCH_5)],
        _ => Vec::new(),
    }
}

/// A version of `class` whose bases and members are those of `text`.
fn spelt_out(class: &ClassLayout, version: i32, text: &str) -> ClassLayout {
    let elements = text.split_whitespace();
    ClassLayout {
        name: class.name.clone(),
        version,
        // No file holds a description of it, and none is to be written.
        checksum: 0,
        elements: elements
            .map(|word| match word.split_once(':') {
                Some((name, type_name)) => member(name, type_name),
                None => base(word),
            })
            .collect(),
    }
}

fn base(class: &str) -> Element {
    Element {
        class: "TStreamerBase".into(),
        extra: ElementExtra::Base { version: 1 },
        ..member(class, "BASE")
    }
}

fn member(name: &str, type_name: &str) -> Element {
    let (class, code, size) = match type_name {
        "int" => ("TStreamerBasicType", 3, 4),
        "double" => ("TStreamerBasicType", 8, 8),
        "TString" => ("TStreamerString", 65, 24),
        "BASE" => ("TStreamerBase", 0, 0),
        _ => ("TStreamerObjectAny", 62, 0),
    };
    Element {
        class: class.into(),
        name: name.into(),
        title: "".into(),
        code,
        size,
        array_length: 0,
        array_dim: 0,
        max_index: [0; 5],
        type_name: type_name.into(),
        extra: ElementExtra::None,
    }
}
