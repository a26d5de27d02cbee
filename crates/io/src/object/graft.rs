//! Copying objects from one graph into another.

use std::collections::HashMap;

use super::value::{Body, Graph, Object, ObjectId, Value};
use crate::error::Result;

impl Graph {
    /// Copies the object `id` of `other`, and all that it points to, into this graph; gives its
    /// number here. `known` says which objects of `other` were copied before, and grows: what two
    /// copied objects share is copied once.
    ///
    /// # Errors
    /// When a pointer leads nowhere.
    pub fn graft(
        &mut self,
        other: &Self,
        id: ObjectId,
        known: &mut HashMap<ObjectId, ObjectId>,
    ) -> Result<ObjectId> {
        let new = match known.get(&id) {
            Some(&known) => return Ok(known),
            None => self.add(other.get(id)?.clone()),
        };
        if self.bound.is_none() {
            self.bound.clone_from(&other.bound);
        }
        known.insert(id, new);
        let mut open = vec![(id, new)];
        while let Some((old, new)) = open.pop() {
            let mut object = other.get(old)?.clone();
            each_pointer(&mut object, &mut |pointer| {
                let copy = match known.get(pointer) {
                    Some(&copy) => copy,
                    None => {
                        let copy = self.add(other.get(*pointer)?.clone());
                        known.insert(*pointer, copy);
                        open.push((*pointer, copy));
                        copy
                    }
                };
                *pointer = copy;
                Ok(())
            })?;
            *self.get_mut(new)? = object;
        }
        Ok(new)
    }
}

/// Calls `change` for every pointer in `object` that is not null.
fn each_pointer(
    object: &mut Object,
    change: &mut dyn FnMut(&mut ObjectId) -> Result<()>,
) -> Result<()> {
    match &mut object.body {
        Body::List(list) => list.items.iter_mut().flatten().try_for_each(change),
        Body::Members(members) => members.values.iter_mut().try_for_each(|value| match value {
            Value::Pointer(Some(pointer)) => change(pointer),
            Value::Pointers(pointers) => pointers.iter_mut().flatten().try_for_each(&mut *change),
            Value::Object(part) => each_pointer(part, change),
            Value::Objects(parts) | Value::Loop(_, parts) => parts
                .iter_mut()
                .try_for_each(|part| each_pointer(part, change)),
            _ => Ok(()),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Layouts;

    #[test]
    fn what_is_shared_stays_shared() {
        let layouts = Layouts::builtin();
        let mut from = Graph::default();
        let root = from.add(Object::empty("TList", &layouts).unwrap());
        let shared = from.add(Object::empty("TNamed", &layouts).unwrap());
        if let Body::List(list) = &mut from.get_mut(root).unwrap().body {
            // The list holds itself, too.
            list.items = vec![Some(shared), Some(shared), Some(root)];
        }
        let mut to = Graph::default();
        to.add(Object::empty("TNamed", &layouts).unwrap());
        let copy = to.graft(&from, root, &mut HashMap::new()).unwrap();
        let Body::List(list) = &to.get(copy).unwrap().body else {
            panic!("no list");
        };
        assert_eq!(list.items[0], list.items[1]);
        assert_eq!(list.items[2], Some(copy));
        assert_eq!(&*to.get(list.items[0].unwrap()).unwrap().class, "TNamed");
    }
}
