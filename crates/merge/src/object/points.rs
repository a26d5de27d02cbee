//! Appending the points of graphs (`TGraph::Merge`).

mod arrays;

use rootlake_io::object::{Body, ElementExtra, Object, Value};

use super::numbers;

/// The member that counts a graph's points.
const COUNTER: &str = "fNpoints";

/// Appends the points of `more` to those of `graph`: every array that `fNpoints` counts.
///
/// # Errors
/// In words, when the two are not laid out alike, or hold points in another way.
pub(super) fn append(graph: &mut Object, more: &Object) -> Result<(), String> {
    let count = |graph: &Object| graph.int(COUNTER).map_err(|error| error.to_string());
    let total = count(graph)?.saturating_add(count(more)?);
    append_arrays(graph, more)?;
    graph
        .set(COUNTER, Value::Int(total))
        .map_err(|error| error.to_string())
}

fn append_arrays(graph: &mut Object, more: &Object) -> Result<(), String> {
    let (Body::Members(to), Body::Members(from)) = (&mut graph.body, &more.body) else {
        return Ok(());
    };
    if to.layout.elements.len() != from.layout.elements.len() || !to.tail.is_empty() {
        return Err(format!("{} is laid out in two ways", to.layout.name));
    }
    let pairs = to.values.iter_mut().zip(&from.values);
    for (element, pair) in to.layout.elements.iter().zip(pairs) {
        match pair {
            (Value::Object(to), Value::Object(from)) if element.is_base() => {
                append_arrays(to, from)?;
            }
            (Value::Array(to), Value::Array(from)) => {
                if let ElementExtra::Count { name, .. } = &element.extra
                    && &**name == COUNTER
                {
                    numbers::append(to, from)?;
                }
            }
            (Value::Opaque(to), Value::Opaque(from)) => match &*element.type_name {
                "vector<TArrayD>" => *to = arrays::append(to, from)?,
                // How the errors of each kind are drawn.
                "vector<TAttFill>" | "vector<TAttLine>" => {}
                _ => return Err(format!("its {} cannot be appended", element.name)),
            },
            (Value::Opaque(_), _) => return Err(format!("its {} differs in kind", element.name)),
            _ => {}
        }
    }
    Ok(())
}
