//! An object's members by name and kind.

use super::sought::MemberName;
use super::value::{Body, List, Object, ObjectId, Value};
use crate::column::Values;
use crate::error::{Error, ErrorKind, Result};

impl Object {
    /// The member `name` of this class or one of its bases.
    ///
    /// # Errors
    /// When there is none.
    pub fn member(&self, name: impl MemberName) -> Result<&Value> {
        name.find_in(self).ok_or_else(|| self.lacks(name.name()))
    }

    /// The same; nothing where there is none.
    pub fn find(&self, name: impl MemberName) -> Option<&Value> {
        name.find_in(self)
    }

    /// Sets the member `name` of this class or one of its bases.
    ///
    /// # Errors
    /// When there is none.
    pub fn set(&mut self, name: &str, value: Value) -> Result<()> {
        match self.find_mut(name) {
            Some(place) => *place = value,
            None => return Err(self.lacks(name)),
        }
        Ok(())
    }

    fn find_mut(&mut self, name: &str) -> Option<&mut Value> {
        let Body::Members(members) = &mut self.body else {
            return None;
        };
        let named = members
            .layout
            .elements
            .iter()
            .position(|element| &*element.name == name);
        if let Some(index) = named.filter(|&index| index < members.values.len()) {
            return members.values.get_mut(index);
        }
        members
            .layout
            .elements
            .iter()
            .zip(&mut members.values)
            .find_map(|(element, value)| match value {
                Value::Object(base) if element.is_base() => base.find_mut(name),
                _ => None,
            })
    }

    /// An integer member.
    ///
    /// # Errors
    /// When there is none of that name, or it is not an integer.
    pub fn int(&self, name: impl MemberName) -> Result<i64> {
        match self.member(&name)? {
            Value::Int(value) => Ok(*value),
            _ => Err(self.other_type(&name, "an integer")),
        }
    }

    /// A float member.
    ///
    /// # Errors
    /// When there is none of that name, or it is not a float or double.
    pub fn float(&self, name: impl MemberName) -> Result<f64> {
        match self.member(&name)? {
            Value::Float(value) => Ok(*value),
            _ => Err(self.other_type(&name, "a float")),
        }
    }

    /// A text member; bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// When there is none of that name, or it is not a text.
    pub fn text(&self, name: impl MemberName) -> Result<String> {
        match self.member(&name)? {
            Value::Text(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
            _ => Err(self.other_type(&name, "a text")),
        }
    }

    /// A member that holds numbers, or a base or member that is a `TArray`.
    ///
    /// # Errors
    /// When there is none of that name, or it holds none.
    pub fn array(&self, name: impl MemberName) -> Result<&Values> {
        match self.member(&name)? {
            Value::Array(values) => Ok(values),
            Value::Object(object) => match &object.body {
                Body::Array(values) => Ok(values),
                _ => Err(self.other_type(&name, "an array")),
            },
            _ => Err(self.other_type(&name, "an array")),
        }
    }

    /// A member that is an object.
    ///
    /// # Errors
    /// When there is none of that name, or it is none.
    pub fn object(&self, name: impl MemberName) -> Result<&Object> {
        match self.member(&name)? {
            Value::Object(object) => Ok(object),
            _ => Err(self.other_type(&name, "an object")),
        }
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// When there is none of that name, or it is none.
    pub fn object_mut(&mut self, name: &str) -> Result<&mut Object> {
        let problem = self.other_type(name, "an object");
        match self.find_mut(name) {
            Some(Value::Object(object)) => Ok(object),
            _ => Err(problem),
        }
    }

    /// A member that is a list.
    ///
    /// # Errors
    /// When there is none of that name, or it is none.
    pub fn list(&self, name: impl MemberName) -> Result<&List> {
        match &self.object(&name)?.body {
            Body::List(list) => Ok(list),
            _ => Err(self.other_type(&name, "a list")),
        }
    }

    /// The same, to be changed.
    ///
    /// # Errors
    /// When there is none of that name, or it is none.
    pub fn list_mut(&mut self, name: &str) -> Result<&mut List> {
        let problem = self.other_type(name, "a list");
        match &mut self.object_mut(name)?.body {
            Body::List(list) => Ok(list),
            _ => Err(problem),
        }
    }

    /// A pointer member.
    ///
    /// # Errors
    /// When there is none of that name, or it is none.
    pub fn pointer(&self, name: impl MemberName) -> Result<Option<ObjectId>> {
        match self.member(&name)? {
            Value::Pointer(id) => Ok(*id),
            _ => Err(self.other_type(&name, "a pointer")),
        }
    }

    /// The `TObject` at the bottom of its bases.
    ///
    /// # Errors
    /// When it has none.
    pub fn root_object_mut(&mut self) -> Result<&mut Object> {
        self.object_mut("TObject")
    }

    /// The version of the class, where it has one.
    pub fn version(&self) -> Option<u16> {
        match &self.body {
            Body::Members(members) => Some(members.header.version),
            _ => None,
        }
    }

    fn lacks(&self, name: &str) -> Error {
        ErrorKind::NotFound {
            what: "member",
            name: format!("{}::{name}", self.class),
        }
        .into()
    }

    fn other_type(&self, name: impl MemberName, wanted: &str) -> Error {
        let name = name.name();
        Error::malformed(format!("{}::{name} is not {wanted}", self.class))
    }
}
