//! ROOT's LaTeX-like titles (class `TLatex`), parsed into a tree: `m_{4l} [GeV]`,
//! `p_{T}^{all lep}`, `#sqrt{s} = 13 TeV`, `#gamma#gamma`.
//!
//! Known: `_{…}` and `^{…}` (with braces only, as in ROOT: `jet_n` stays as it is), Greek letters
//! and signs `#name`, `#sqrt{}`, `#bar{}`, `#frac{}{}`, `#it{}`, `#bf{}`, `#font[n]{}`,
//! `#scale[x]{}`; `#color`, `#kern` and `#lower` are read and have no effect. Unicode superscript
//! and subscript digits count as scripts. Any text is accepted: what is not understood is shown as
//! it stands.

mod parser;
mod plain;
mod symbols;

pub(crate) use parser::parse;
pub use plain::plain_text;
#[cfg(test)]
pub(crate) use symbols::SYMBOLS;

/// A piece of a title.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// Plain characters.
    Text(String),
    /// What stands raised, lowered or both behind what precedes it.
    Script {
        sup: Option<Vec<Node>>,
        sub: Option<Vec<Node>>,
    },
    /// Below a root sign.
    Sqrt(Vec<Node>),
    /// Below a bar: an antiparticle.
    Bar(Vec<Node>),
    /// Numerator and denominator.
    Fraction(Vec<Node>, Vec<Node>),
    /// In another font or size.
    Styled(Change, Vec<Node>),
}

/// What a style command changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Change {
    /// Nothing: a group of its own.
    None,
    /// Italic on.
    Italic,
    /// Bold on.
    Bold,
    /// A ROOT font: weight and slant as its number says.
    Font { bold: bool, italic: bool },
    /// The size times this factor.
    Scale(f64),
}
