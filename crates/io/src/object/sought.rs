//! Members that are asked of many objects: found by name once, then where they were found.

use std::cell::RefCell;
use std::sync::Arc;

use super::value::{Body, Object, Step, Value};

/// What a member is asked for by: its name, or what keeps its place too.
pub trait MemberName {
    /// The name.
    fn name(&self) -> &str;

    /// The member of this name of an object's class or one of its bases.
    fn find_in<'o>(&self, object: &'o Object) -> Option<&'o Value> {
        object.search(self.name(), None)
    }
}

impl MemberName for str {
    fn name(&self) -> &str {
        self
    }
}

impl<M: MemberName + ?Sized> MemberName for &M {
    fn name(&self) -> &str {
        M::name(self)
    }

    fn find_in<'o>(&self, object: &'o Object) -> Option<&'o Value> {
        M::find_in(self, object)
    }
}

/// A member that is asked of many objects, most of which have it at the same place as the one
/// before: names are compared only where the layouts are others.
#[derive(Debug)]
pub(crate) struct Sought {
    name: &'static str,
    /// The way to where it was found last, from its end.
    way: RefCell<Vec<Step>>,
}

impl Sought {
    /// The member `name`.
    pub(crate) const fn new(name: &'static str) -> Self {
        Self {
            name,
            way: RefCell::new(Vec::new()),
        }
    }

    /// What stands at the end of the way that was gone last, if it can be gone from `object`.
    fn go<'o>(&self, object: &'o Object) -> Option<&'o Value> {
        let way = self.way.borrow();
        let (last, bases) = way.split_first()?;
        let mut part = object;
        for step in bases.iter().rev() {
            match take(part, step)? {
                Value::Object(base) => part = base,
                _ => return None,
            }
        }
        take(part, last)
    }
}

impl MemberName for Sought {
    fn name(&self) -> &str {
        self.name
    }

    fn find_in<'o>(&self, object: &'o Object) -> Option<&'o Value> {
        self.go(object).or_else(|| {
            let mut way = self.way.borrow_mut();
            way.clear();
            object.search(self.name, Some(&mut way))
        })
    }
}

/// The value of the element to take of an object of that layout.
fn take<'o>(object: &'o Object, (layout, element): &Step) -> Option<&'o Value> {
    match &object.body {
        Body::Members(members) if Arc::ptr_eq(&members.layout, layout) => {
            members.values.get(*element)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::Layouts;

    #[test]
    fn a_member_is_found_again_and_in_objects_of_other_layouts() {
        let layouts = Layouts::builtin();
        let title = Sought::new("fTitle");
        for (number, class) in ["TLeafF", "TNamed", "TLeafF", "TBranch", "TLeafF", "TLeafF"]
            .into_iter()
            .enumerate()
        {
            let mut object = Object::empty(class, &layouts).unwrap();
            let text = Value::Text(number.to_string().into_bytes().into());
            object.set("fTitle", text).unwrap();
            assert_eq!(object.text(&title).unwrap(), number.to_string());
            assert_eq!(object.text("fTitle").unwrap(), number.to_string());
        }
        let none = Sought::new("fNone");
        let object = Object::empty("TNamed", &layouts).unwrap();
        let error = object.int(&none).unwrap_err().to_string();
        assert!(object.find(&none).is_none() && error.contains("TNamed::fNone"));
    }
}
