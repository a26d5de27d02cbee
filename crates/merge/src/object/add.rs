//! Which rule adds which class, through objects that hold others.

use rootlake_io::object::{Body, Graph, Object, ObjectId, Value};

use super::{histogram, points};

/// The classes whose objects are merged, and those derived from them.
pub(super) const CLASSES: [&str; 6] = [
    "TH1",
    "TGraph",
    "TGraph2D",
    "TEfficiency",
    "THStack",
    "TCollection",
];

/// Adds the object that `more` is to the one that `sum` is.
///
/// # Errors
/// In words, when the two cannot be added.
pub(super) fn graphs(sum: &mut Graph, more: &Graph) -> Result<(), String> {
    objects(sum, Graph::ROOT, more, Graph::ROOT, 0)
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
    let has = |base: &str| &*into.class == base || into.object(base).is_ok();
    if has("TH1") {
        let labels =
            ["fXaxis", "fYaxis", "fZaxis"].map(|axis| histogram::axis_labels(sum, into, axis));
        return histogram::add(sum.get_mut(to).map_err(words)?, &labels, other, more);
    }
    if has("TGraph") || has("TGraph2D") {
        return points::append(sum.get_mut(to).map_err(words)?, other);
    }
    if has("TEfficiency") {
        if into.float("fWeight").ok() != other.float("fWeight").ok() {
            return Err("its weight differs".to_owned());
        }
        for member in ["fPassedHistogram", "fTotalHistogram"] {
            pointers(sum, to, more, from, member, depth)?;
        }
        return Ok(());
    }
    if has("THStack") {
        return pointers(sum, to, more, from, "fHists", depth);
    }
    if into.class.starts_with("TParameter<") {
        return parameter(sum.get_mut(to).map_err(words)?, other);
    }
    match (&into.body, &other.body) {
        (Body::List(a), Body::List(b)) => {
            let (a, b) = (a.items.clone(), b.items.clone());
            items(sum, &a, more, &b, depth)
        }
        // What is not added stays as it is in the first.
        _ => Ok(()),
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

/// Adds collections item by item (`TSeqCollection::Merge`): they must hold the same in one order.
fn items(
    sum: &mut Graph,
    a: &[Option<ObjectId>],
    more: &Graph,
    b: &[Option<ObjectId>],
    depth: usize,
) -> Result<(), String> {
    if a.len() != b.len() {
        return Err(format!("it holds {} objects, not {}", b.len(), a.len()));
    }
    for pair in a.iter().zip(b) {
        match pair {
            (Some(a), Some(b)) => {
                let name = |graph: &Graph, id| graph.get(id).and_then(|o| o.text("fName")).ok();
                let (own, other) = (name(sum, *a), name(more, *b));
                if own != other {
                    return Err(format!(
                        "it holds {:?} where {:?} should be",
                        other.unwrap_or_default(),
                        own.unwrap_or_default()
                    ));
                }
                objects(sum, *a, more, *b, depth + 1)?;
            }
            (None, None) => {}
            _ => return Err("it holds nothing where the first holds an object".to_owned()),
        }
    }
    Ok(())
}

/// Merges a `TParameter` as its bits say (`TParameter::Merge`).
fn parameter(sum: &mut Object, more: &Object) -> Result<(), String> {
    let bits = match sum.object("TObject").map(|root| &root.body) {
        Ok(Body::Root { bits, .. }) => *bits,
        _ => 0,
    };
    let is = |bit: u32| bits & (1 << bit) != 0;
    // kMultiply, kMax, kMin, kFirst, kLast; none: added.
    let (multiply, max, min, first, last) = (is(16), is(17), is(18), is(19), is(20));
    let (Ok(a), Ok(b)) = (sum.member("fVal"), more.member("fVal")) else {
        return Err("it has no value".to_owned());
    };
    let is_bool = sum.class.contains("<bool>");
    let value = match (a, b) {
        _ if first => return Ok(()),
        (_, b) if last => b.clone(),
        (Value::Int(a), Value::Int(b)) => Value::Int(match (multiply, max, min) {
            (true, ..) => a.wrapping_mul(*b),
            (_, true, _) => *a.max(b),
            (_, _, true) => *a.min(b),
            _ if is_bool => i64::from(*a != 0 || *b != 0),
            _ => a.wrapping_add(*b),
        }),
        (Value::Float(a), Value::Float(b)) => Value::Float(match (multiply, max, min) {
            (true, ..) => a * b,
            (_, true, _) => a.max(*b),
            (_, _, true) => a.min(*b),
            _ => a + b,
        }),
        _ => return Err("its values are of two types".to_owned()),
    };
    sum.set("fVal", value).map_err(|error| error.to_string())
}
