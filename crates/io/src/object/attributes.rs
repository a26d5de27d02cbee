//! The looks of what has never been drawn.

use super::value::{Object, Value};
use crate::error::Result;

impl Object {
    /// Gives an object that has lines, areas and markers (`TAttLine`, `TAttFill`, `TAttMarker`) the
    /// looks that ROOT 6.40 gives a new one.
    ///
    /// # Errors
    /// When its class has none of them.
    pub fn set_default_looks(&mut self) -> Result<()> {
        for (name, value) in [
            ("fLineColor", Value::Int(602)),
            ("fLineStyle", Value::Int(1)),
            ("fLineWidth", Value::Int(1)),
            ("fFillStyle", Value::Int(1001)),
            ("fMarkerColor", Value::Int(1)),
            ("fMarkerStyle", Value::Int(1)),
            ("fMarkerSize", Value::Float(1.0)),
        ] {
            self.set(name, value)?;
        }
        Ok(())
    }
}
