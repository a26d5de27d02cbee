//! Lists of entries that passed a cut, by their numbers (`TEventList`).

use rootlake_io::column::Values;
use rootlake_io::object::{Object, Value};

/// Adds the entries that `sum` has not got yet, and joins the cuts that are their titles
/// (`TEventList::Add`). The numbers stay what they are: both lists are of one tree.
///
/// # Errors
/// In words, when one is no such list.
pub(super) fn add(sum: &mut Object, more: &Object) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let (own, others) = (entries(sum)?, entries(more)?);
    if others.is_empty() {
        return Ok(());
    }
    let room = own.len().saturating_add(others.len());
    if !own.is_empty() {
        let (cut, other) = (title(sum)?, title(more)?);
        let joined = match (cut.as_str(), other.as_str()) {
            ("", cut) | (cut, "") => cut.to_owned(),
            (cut, other) => format!("({cut})||({other})"),
        };
        sum.set("fTitle", Value::Text(joined.into_bytes().into()))
            .map_err(words)?;
    }
    let mut all = [own, others].concat();
    all.sort_unstable();
    all.dedup();
    for (name, count) in [("fN", all.len()), ("fSize", room)] {
        let count = i64::try_from(count).map_err(|error| error.to_string())?;
        sum.set(name, Value::Int(count)).map_err(words)?;
    }
    sum.set("fList", Value::Array(Values::I64(all)))
        .map_err(words)
}

fn entries(list: &Object) -> Result<Vec<i64>, String> {
    match list.array("fList").map_err(|error| error.to_string())? {
        Values::I64(entries) => Ok(entries.clone()),
        _ => Err("its entries have no 64 bits".to_owned()),
    }
}

fn title(list: &Object) -> Result<String, String> {
    list.text("fTitle").map_err(|error| error.to_string())
}
