//! What becomes of the objects of one path: by their class.

use rootlake_io::object::Layouts;
use serde::Serialize;

/// Classes that ROOT merges, those derived from them too; of several that fit, the first counts.
const CLASSES: [(&str, Action); 22] = [
    ("TH1K", Action::Refuse),
    ("TH1", Action::Merge),
    ("THnBase", Action::Merge),
    ("TGraphPolar", Action::Merge),
    ("TGraph", Action::Merge),
    ("TEfficiency", Action::Merge),
    ("THStack", Action::Merge),
    ("TList", Action::Merge),
    ("TObjArray", Action::Merge),
    ("TClonesArray", Action::Refuse),
    ("TOrdCollection", Action::Merge),
    ("TBtree", Action::Refuse),
    ("TSeqCollection", Action::Refuse),
    ("TEntryListFromFile", Action::Refuse),
    ("TEntryList", Action::Merge),
    ("TEventList", Action::Merge),
    ("TStatistic", Action::Merge),
    ("TPolyMarker", Action::Refuse),
    ("TRefArray", Action::Refuse),
    ("TFileCollection", Action::Refuse),
    ("TChain", Action::Refuse),
    ("ROOT::RNTuple", Action::Refuse),
];

/// What is done with the objects of one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// They are added up, or appended to each other.
    Merge,
    /// They are copied as they are, those that differ as cycles of one name.
    Keep,
    /// They would have to be merged, and cannot be: one alone is copied.
    Refuse,
}

/// What became of the objects of one path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// They were added up, or appended to each other.
    Merged,
    /// They are all the same, or there was one alone: it was copied.
    Copied,
    /// They differ, and are of a class that is not added: all were copied, as cycles of one name,
    /// of which the last is the one that is read.
    Cycles,
}

/// What is done with objects of `class`.
pub(crate) fn action(class: &str, layouts: &Layouts) -> Action {
    if class.starts_with("TParameter<") {
        return Action::Merge;
    }
    rule(|base| derives(layouts, class, base, 0)).unwrap_or(Action::Keep)
}

/// What is done with objects of a class that ROOT merges, which `is` a class or derived from it;
/// none of any other.
pub(crate) fn rule(is: impl Fn(&str) -> bool) -> Option<Action> {
    let found = CLASSES.iter().find(|(base, _)| is(base));
    found.map(|(_, action)| *action)
}

/// Whether `class` is `base`, or has it among its bases.
fn derives(layouts: &Layouts, class: &str, base: &str, depth: usize) -> bool {
    class == base
        || depth < 16
            && layouts.newest(class).is_some_and(|layout| {
                let mut bases = layout.elements.iter().filter(|element| element.is_base());
                bases.any(|element| derives(layouts, &element.name, base, depth + 1))
            })
}
