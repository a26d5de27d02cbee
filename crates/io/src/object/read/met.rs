//! What the references of a record may refer to: classes and objects met before.

use std::sync::Arc;

use crate::object::value::ObjectId;

/// Classes and objects by their tags, which tell where they stand.
///
/// A record is read forwards, so tags come in rising order: rows that are searched by halves take
/// less memory than a hash table, and less time to fill.
#[derive(Debug, Default)]
pub(super) struct Met {
    classes: Vec<(u32, Arc<str>)>,
    objects: Vec<(u32, ObjectId)>,
}

impl Met {
    /// Takes note of a class.
    pub(super) fn class(&mut self, tag: u32, class: Arc<str>) {
        insert(&mut self.classes, tag, class);
    }

    /// Takes note of an object.
    pub(super) fn object(&mut self, tag: u32, object: ObjectId) {
        insert(&mut self.objects, tag, object);
    }

    /// Forgets the objects whose tags are `from` or more.
    pub(super) fn forget_objects(&mut self, from: u32) {
        self.objects.retain(|(tag, _)| *tag < from);
    }

    /// The class with that tag.
    pub(super) fn find_class(&self, tag: u32) -> Option<&Arc<str>> {
        find(&self.classes, tag)
    }

    /// The object with that tag.
    pub(super) fn find_object(&self, tag: u32) -> Option<ObjectId> {
        find(&self.objects, tag).copied()
    }
}

fn insert<T>(row: &mut Vec<(u32, T)>, tag: u32, value: T) {
    if row.last().is_none_or(|(last, _)| *last < tag) {
        row.push((tag, value));
        return;
    }
    match row.binary_search_by_key(&tag, |(tag, _)| *tag) {
        Ok(place) => {
            if let Some((_, known)) = row.get_mut(place) {
                *known = value;
            }
        }
        Err(place) => row.insert(place, (tag, value)),
    }
}

fn find<T>(row: &[(u32, T)], tag: u32) -> Option<&T> {
    let place = row.binary_search_by_key(&tag, |(tag, _)| *tag).ok()?;
    row.get(place).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{Graph, Object};

    #[test]
    fn what_was_met_is_found_in_whatever_order_it_came() {
        let mut graph = Graph::default();
        let mut met = Met::default();
        let ids = [30, 10, 20, 10].map(|tag| {
            let object = Object {
                class: "TObject".into(),
                body: crate::object::Body::Opaque(bytes::Bytes::new()),
            };
            let id = graph.add(object);
            met.object(tag, id);
            met.class(tag + 1, tag.to_string().into());
            id
        });
        assert_eq!(met.find_object(30), Some(ids[0]));
        assert_eq!(met.find_object(20), Some(ids[2]));
        assert_eq!(met.find_object(10), Some(ids[3]), "the last of a tag");
        assert_eq!(met.find_object(11), None);
        assert_eq!(met.find_class(21).map(|name| &**name), Some("20"));
        assert_eq!(met.find_class(20), None);
    }
}
