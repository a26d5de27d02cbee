//! References (`TRef`) among what an object holds.

use rootlake_io::object::{Body, Graph, Object, Value};

use crate::error::MergeError;
use crate::survey::input::Input;

/// `TObject::kIsReferenced`: the number of a process follows.
const IS_REFERENCED: u32 = 1 << 4;

/// Whether an object holds references, or what may be some: nobody knows of what is not understood.
pub(crate) fn has_references(graph: &Graph) -> bool {
    graph.objects().any(object_has_references)
}

fn object_has_references(object: &Object) -> bool {
    match &object.body {
        Body::Members(members) => {
            let mut values = members.values.iter();
            !members.tail.is_empty() || values.any(value_has_references)
        }
        Body::Root { bits, .. } => bits & IS_REFERENCED != 0,
        Body::List(list) => list.object.1 & IS_REFERENCED != 0,
        Body::Array(_) | Body::Basket(_) => false,
        // Indices of trees hold numbers alone.
        Body::Opaque(raw) => !raw.is_empty() && &*object.class != "TTreeIndex",
    }
}

fn value_has_references(value: &Value) -> bool {
    match value {
        Value::Object(object) => object_has_references(object),
        Value::Objects(objects) | Value::Loop(_, objects) => {
            objects.iter().any(object_has_references)
        }
        Value::Opaque(raw) => !raw.is_empty(),
        _ => false,
    }
}

/// The refusal of an object of an input whose references, if it has any, would count from another
/// number.
pub(crate) fn refused(input: &Input, what: &str) -> MergeError {
    MergeError::Unsupported {
        file: input.name.to_string(),
        what: format!("{what}: its references (TRef) are of another process (TProcessID); it"),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use rootlake_io::object::Layouts;

    use super::*;

    #[test]
    fn references_are_found_wherever_they_stand() {
        let layouts = Layouts::builtin();
        let holding = |change: &dyn Fn(&mut Object)| {
            let mut graph = Graph::default();
            graph.add(Object::empty("TList", &layouts).unwrap());
            let mut histogram = Object::empty("TH1D", &layouts).unwrap();
            change(&mut histogram);
            graph.add(histogram);
            has_references(&graph)
        };
        assert!(!holding(&|_| ()));
        assert!(holding(&|histogram| {
            let axis = histogram.object_mut("fXaxis").unwrap();
            if let Body::Root { bits, .. } = &mut axis.root_object_mut().unwrap().body {
                *bits |= IS_REFERENCED;
            }
        }));
        // A TRef is kept as the bytes that it is.
        assert!(holding(&|object| {
            object.body = Body::Opaque(Bytes::from_static(b"\0\x01\0\0\0\x01\x03\0\0\0\0\x02"));
        }));
    }
}
