//! Where the baskets of a branch stand, from what the branch says.

use super::branch::{Basket, Location};
use crate::column::Values;
use crate::error::{Error, ErrorKind, Result};
use crate::object::{Body, Graph, ObjectId};

/// What a branch says of its baskets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    /// `fEntries`.
    pub entries: u64,
    /// `fWriteBasket`: the number of the one being filled.
    pub write_basket: i64,
    /// `fBasketEntry`: the first entry of each.
    pub first_entries: &'a Values,
    /// `fBasketSeek`: where each stands; 0 where it has no record of its own.
    pub seeks: &'a Values,
    /// `fBasketBytes`: their lengths.
    pub lengths: &'a Values,
    /// `fBaskets`: those in the tree's record.
    pub embedded: &'a [Option<ObjectId>],
    /// Whether the branch holds branches.
    pub is_parent: bool,
}

impl Stated<'_> {
    /// The baskets; the objects of those in the tree's record are in `graph`.
    ///
    /// # Errors
    /// When they contradict each other.
    pub fn baskets(&self, graph: &Graph) -> Result<Vec<Basket>> {
        // fWriteBasket is the one being filled: those before it are full.
        let full = usize::try_from(self.write_basket).unwrap_or(0);
        let first_entries = integers(self.first_entries)?;
        let seeks = integers(self.seeks)?;
        let lengths = integers(self.lengths)?;
        let (entries, embedded) = (self.entries, self.embedded);
        let at = |list: &[u64], index| list.get(index).copied().unwrap_or(0);

        if self.is_parent
            && full == 0
            && at(&seeks, 0) == 0
            && embedded.iter().flatten().next().is_none()
        {
            // A split object's own branch counts entries without holding any.
            return Ok(Vec::new());
        }
        let mut baskets = Vec::new();
        for index in 0..=full {
            let first_entry = at(&first_entries, index);
            if first_entry >= entries {
                break;
            }
            let end = if index < full {
                at(&first_entries, index + 1)
            } else {
                entries
            };
            let Some(count) = end.checked_sub(first_entry) else {
                return Err(Error::malformed(format!(
                    "basket {index} begins at entry {first_entry}, the next at {end}"
                )));
            };
            let location = match (at(&seeks, index), embedded.get(index)) {
                (0, Some(Some(id))) => match &graph.get(*id)?.body {
                    Body::Basket(basket) => Location::Embedded(basket.clone()),
                    _ => return Err(Error::malformed(format!("basket {index} is no basket"))),
                },
                (0, _) if count == 0 => continue,
                (0, _) => return Err(Error::malformed(format!("basket {index} stands nowhere"))),
                (seek, _) => {
                    let nbytes = u32::try_from(at(&lengths, index)).map_err(|_| {
                        Error::malformed(format!("basket {index} is longer than 4 GiB"))
                    })?;
                    Location::Stored { seek, nbytes }
                }
            };
            baskets.push(Basket {
                first_entry,
                entries: count,
                location,
            });
        }
        let there = baskets.last().map_or(0, Basket::end_entry);
        if there == entries {
            Ok(baskets)
        } else {
            Err(Error::malformed(format!(
                "its baskets hold {there} entries of {entries}"
            )))
        }
    }
}

/// Offsets, lengths or entry numbers, which old files store in 32 bits.
fn integers(values: &Values) -> Result<Vec<u64>> {
    let convert = |value: i64| {
        u64::try_from(value)
            .map_err(|_| ErrorKind::Malformed(format!("{value} among its baskets' places")).into())
    };
    match values {
        Values::I32(values) => values.iter().map(|&value| convert(value.into())).collect(),
        Values::I64(values) => values.iter().map(|&value| convert(value)).collect(),
        // Before version 10, a char before the array told 64-bit offsets from 32-bit ones.
        _ => Err(Error::unsupported("type of its baskets' places")),
    }
}
