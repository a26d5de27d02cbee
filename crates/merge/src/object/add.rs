//! Which rule adds which class, through objects that hold others.

use std::collections::HashMap;

use rootlake_io::object::{Body, Graph, ListKind, Object, ObjectId, Value};

use crate::action;

use super::{entries, events, histogram, parameter, points, poly, sparse, variable};

/// Adds the object that `more` is to the one that `sum` is.
///
/// # Errors
/// In words, when the two cannot be added.
pub(super) fn graphs(sum: &mut Graph, more: &Graph) -> Result<(), String> {
    objects(sum, Graph::ROOT, more, Graph::ROOT, 0)
}

/// Whether the object is added by [`histogram::add`].
pub(super) fn is_plain_histogram(object: &Object) -> bool {
    let others = ["TH1K", "TH2Poly"];
    is(object, "TH1") && !others.iter().any(|other| is(object, other))
}

/// Whether the object is of a class, or of one derived from it.
fn is(object: &Object, class: &str) -> bool {
    &*object.class == class || object.find(class).is_some()
}

/// How deep collections may stand in collections.
const MAX_DEPTH: usize = 64;

fn objects(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
    depth: usize,
) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let (into, other) = (sum.get(to).map_err(words)?, more.get(from).map_err(words)?);
    if into.class != other.class || depth > MAX_DEPTH {
        return Err(format!("it holds a {} for a {}", other.class, into.class));
    }
    let has = |base: &str| is(into, base);
    if has("TH1K") {
        return Err("such objects are not added".to_owned());
    }
    if has("TProfile2Poly") {
        return poly::add_profile(sum, to, more, from);
    }
    if has("TH2Poly") {
        return poly::add(sum, to, more, from);
    }
    if has("TH1") {
        return histogram::add(sum, to, more, from);
    }
    if has("THnBase") {
        return sparse::add(sum, to, more, from);
    }
    if has("TGraph") {
        return points::append(sum.get_mut(to).map_err(words)?, other);
    }
    if has("TEfficiency") {
        for member in ["fPassedHistogram", "fTotalHistogram"] {
            pointers(sum, to, more, from, member, depth)?;
        }
        return weight(sum, to, more, from);
    }
    if has("TEntryList") {
        return entries::add(sum, to, more, from);
    }
    if has("TEventList") {
        return events::add(sum.get_mut(to).map_err(words)?, other);
    }
    if has("THStack") {
        return pointers(sum, to, more, from, "fHists", depth);
    }
    if has("TStatistic") {
        return variable::add(sum.get_mut(to).map_err(words)?, other);
    }
    if into.class.starts_with("TParameter<") {
        return parameter::merge(sum.get_mut(to).map_err(words)?, other);
    }
    match (&into.body, &other.body) {
        (Body::List(_), Body::List(_)) => lists(sum, to, more, from, depth),
        _ => Err("its class is not described".to_owned()),
    }
}

/// Adds what a pointer member points to.
fn pointers(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
    member: &str,
    depth: usize,
) -> Result<(), String> {
    let target = |graph: &Graph, id| {
        let found = graph.get(id).and_then(|object| object.pointer(member));
        found.map_err(|error| error.to_string())
    };
    match (target(sum, to)?, target(more, from)?) {
        (Some(a), Some(b)) => objects(sum, a, more, b, depth + 1),
        (None, None) => Ok(()),
        _ => Err(format!("only one has {member}")),
    }
}

/// The weight of a sum of efficiencies: its inverse is the sum of theirs
/// (`TEfficiency::operator+=`).
fn weight(sum: &mut Graph, to: ObjectId, more: &Graph, from: ObjectId) -> Result<(), String> {
    let set = || -> rootlake_io::Result<()> {
        let (own, other) = (
            sum.get(to)?.float("fWeight")?,
            more.get(from)?.float("fWeight")?,
        );
        let weight = own * other / (own + other);
        sum.get_mut(to)?.set("fWeight", Value::Float(weight))
    };
    let mut set = set;
    set().map_err(|error| error.to_string())
}

/// Adds collections item by item (`TSeqCollection::Merge`): those at one place must be of one
/// class. Those that are not added are all kept, those of `more` behind.
fn lists(
    sum: &mut Graph,
    to: ObjectId,
    more: &Graph,
    from: ObjectId,
    depth: usize,
) -> Result<(), String> {
    let words = |error: rootlake_io::Error| error.to_string();
    let items = |graph: &Graph, id| match &graph.get(id).map_err(words)?.body {
        Body::List(list) => Ok(list.items.clone()),
        _ => Err("it is no list".to_owned()),
    };
    let (own, others) = (items(sum, to)?, items(more, from)?);
    let mut known = HashMap::new();
    let mut behind = Vec::new();
    let mut pairs = own.iter().flatten();
    for other in others.iter().flatten() {
        let class = |graph: &Graph, id| graph.get(id).map(|object| object.class.clone());
        let theirs = class(more, *other).map_err(words)?;
        // What was put behind by an earlier merge has no counterpart.
        let Some(own) = pairs
            .next()
            .filter(|own| class(sum, **own).is_ok_and(|own| own == theirs))
        else {
            return Err(format!("it holds a {theirs} for which there is none"));
        };
        let merges = merged(more, *other);
        if merges {
            same_name(sum, *own, more, *other)?;
            objects(sum, *own, more, *other, depth + 1)?;
        } else {
            behind.push(sum.graft(more, *other, &mut known).map_err(words)?);
        }
    }
    let list = sum.get_mut(to).map_err(words)?;
    if let Body::List(list) = &mut list.body {
        let options = if list.kind == ListKind::Linked {
            behind.len()
        } else {
            0
        };
        list.options
            .extend(std::iter::repeat_n(bytes::Bytes::new(), options));
        list.items.extend(behind.into_iter().map(Some));
    }
    Ok(())
}

/// Whether the object is of a class that is merged.
fn merged(graph: &Graph, id: ObjectId) -> bool {
    graph.get(id).is_ok_and(|object| {
        object.class.starts_with("TParameter<")
            || matches!(object.body, Body::List(_))
            || action::rule(|base| is(object, base)).is_some()
    })
}

/// Objects that are added must be called the same: ROOT adds what stands at one place.
fn same_name(sum: &Graph, own: ObjectId, more: &Graph, other: ObjectId) -> Result<(), String> {
    let name = |graph: &Graph, id| graph.get(id).and_then(|o| o.text("fName")).ok();
    let (own, other) = (name(sum, own), name(more, other));
    if own == other {
        return Ok(());
    }
    Err(format!(
        "it holds {:?} where {:?} should be",
        other.unwrap_or_default(),
        own.unwrap_or_default()
    ))
}
