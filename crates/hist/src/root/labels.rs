//! Names of bins in place of numbers.

use std::sync::Arc;

use rootlake_io::object::{Body, Graph, Layouts, Object, Value};

use super::text;
use crate::Histogram1D;

/// The histogram as an object whose bins have names, the first bin the first of `labels`.
///
/// ROOT keeps them in `TAxis::fLabels`, a `THashList` of `TObjString`s which bear the number of
/// their bin as `fUniqueID` (`TAxis::SetBinLabel`).
///
/// # Errors
/// As [`to_graph`](super::to_graph).
pub fn to_labelled_graph(histogram: &Histogram1D, labels: &[&str]) -> rootlake_io::Result<Graph> {
    let layouts = Layouts::builtin();
    let mut graph = super::to_graph(histogram)?;
    let mut list = Object::empty("THashList", &layouts)?;
    for (bin, label) in (1..).zip(labels) {
        let mut object = Object::empty("TObjString", &layouts)?;
        object.set("fString", text(label))?;
        if let Body::Root { unique_id, .. } = &mut object.root_object_mut()?.body {
            *unique_id = bin;
        }
        let id = graph.add(object);
        if let Body::List(list) = &mut list.body {
            list.items.push(Some(id));
            list.options.push(bytes::Bytes::new());
        }
    }
    list.class = Arc::from("THashList");
    let list = graph.add(list);
    let histogram = graph.get_mut(Graph::ROOT)?;
    let axis = histogram.object_mut("fXaxis")?;
    axis.set("fLabels", Value::Pointer(Some(list)))?;
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Precision};

    #[test]
    fn labels_hang_on_the_axis_with_the_numbers_of_their_bins() {
        let axis = Axis::new(2, 0.0, 2.0).unwrap();
        let histogram = Histogram1D::new("h", "", axis, Precision::F64);
        let graph = to_labelled_graph(&histogram, &["trigger", "two leptons"]).unwrap();
        let axis = graph.root().unwrap().object("fXaxis").unwrap();
        let list = axis.pointer("fLabels").unwrap().unwrap();
        let Body::List(list) = &graph.get(list).unwrap().body else {
            unreachable!("labels are a list")
        };
        let labels: Vec<_> = list
            .items
            .iter()
            .map(|item| {
                let mut label = graph.get(item.unwrap()).unwrap().clone();
                let text = label.text("fString").unwrap();
                match label.root_object_mut().unwrap().body {
                    Body::Root { unique_id, .. } => (unique_id, text),
                    _ => (0, text),
                }
            })
            .collect();
        let expected = [(1, "trigger"), (2, "two leptons")];
        assert_eq!(labels, expected.map(|(bin, text)| (bin, text.to_owned())));
    }
}
