//! The formats of the classes that a file describes, each worked out once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::super::asked::LeafMembers;
use super::{Class, Format, MAX_DEPTH, MAX_LEAVES, Member, element};
use crate::error::{Error, Result};
use crate::object::{ClassLayout, Layouts};

/// Classes of ROOT whose description does not say how they are streamed.
const OWN_STREAMER: [&str; 2] = ["TArray", "TMap"];

/// The layouts of classes, and the formats that they make.
#[derive(Debug)]
pub(in super::super) struct Classes<'a> {
    pub(super) layouts: &'a Layouts,
    pub(super) of_leaves: LeafMembers,
    /// Without it, classes that each hold the next one twice would take time beyond measure.
    known: RefCell<HashMap<Arc<str>, Known>>,
}

#[derive(Clone, Debug)]
enum Known {
    Underway,
    Class(Arc<Class>),
    Unreadable(String),
}

impl<'a> Classes<'a> {
    pub(in super::super) fn new(layouts: &'a Layouts) -> Self {
        Self {
            layouts,
            of_leaves: LeafMembers::default(),
            known: RefCell::default(),
        }
    }

    /// The newest version of the class `name`.
    pub(super) fn class(&self, name: &str, depth: usize) -> Result<Arc<Class>> {
        let known = self.known.borrow().get(name).cloned();
        match known {
            Some(Known::Class(class)) => return Ok(class),
            Some(Known::Unreadable(reason)) => return Err(Error::unsupported(reason)),
            Some(Known::Underway) => {
                return Err(Error::unsupported(format!(
                    "class {name} that holds itself"
                )));
            }
            None => {}
        }
        if OWN_STREAMER.contains(&name) {
            return Err(Error::unsupported(format!(
                "class {name}, whose streamer is its own"
            )));
        }
        let Some(layout) = self.layouts.written(name) else {
            return Err(Error::unsupported(format!(
                "type {name:?}, which the file does not describe"
            )));
        };
        let remember = |known| {
            self.known
                .borrow_mut()
                .insert(Arc::clone(&layout.name), known)
        };
        remember(Known::Underway);
        let members = self.members(layout, depth);
        match members {
            Ok(members) => {
                let class = Arc::new(Class {
                    name: Arc::clone(&layout.name),
                    version: layout.version,
                    checksum: layout.checksum,
                    members,
                });
                remember(Known::Class(Arc::clone(&class)));
                Ok(class)
            }
            Err(error) => {
                let reason = error.to_string();
                let reason = reason.strip_prefix("unsupported ").unwrap_or(&reason);
                remember(Known::Unreadable(reason.to_owned()));
                Err(error)
            }
        }
    }

    /// The members of a class as its layout says.
    fn members(&self, layout: &ClassLayout, depth: usize) -> Result<Format> {
        if depth > MAX_DEPTH {
            return Err(Error::unsupported(format!(
                "class {}: too deep",
                layout.name
            )));
        }
        let mut members: Vec<Member> = Vec::with_capacity(layout.elements.len());
        let mut leaves = 0usize;
        for element in &layout.elements {
            let format = match element::counter(element) {
                Some(counter) => element::counted_by(element, counter, &members, self, depth + 1),
                None => element::of_member(element, self, depth + 1),
            };
            let place = || format!("{}::{}", layout.name, element.name);
            let format = format.map_err(|error| error.in_object(place()))?;
            leaves = leaves.saturating_add(format.count_leaves());
            if leaves > MAX_LEAVES {
                return Err(Error::unsupported(format!(
                    "class {} of {leaves} members",
                    layout.name
                )));
            }
            if element.is_base() {
                // The members of a base are named as if they were the class's own.
                members.push(Member::new("".into(), format));
            } else {
                let name = element.name.split('[').next().unwrap_or_default();
                members.push(Member::new(name.into(), format));
            }
        }
        Ok(Format::Record(members))
    }
}
