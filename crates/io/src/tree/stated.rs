//! Where the baskets of a branch stand, from what the branch says.

use std::borrow::Cow;

use super::branch::{Basket, Location};
use super::outline::BasketPlace;
use crate::column::Values;
use crate::error::{Error, Result};
use crate::object::{Body, EmbeddedBasket, Graph, ObjectId};

/// What a branch says of its baskets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    /// `fEntries`.
    pub entries: u64,
    /// `fWriteBasket`: the number of the one being filled.
    pub write_basket: i64,
    /// `fBasketEntry`: the first entry of each.
    pub first_entries: &'a [i64],
    /// `fBasketSeek`: where each stands; 0 where it has no record of its own.
    pub seeks: &'a [i64],
    /// `fBasketBytes`: their lengths.
    pub lengths: &'a [i64],
    /// `fBaskets`: those in the tree's record.
    pub embedded: &'a [Option<ObjectId>],
    /// Whether the branch holds branches.
    pub is_parent: bool,
}

/// A basket as its branch states it.
pub(super) struct StatedBasket {
    first_entry: u64,
    entries: u64,
    stands: Stands,
}

/// Where a stated basket stands.
enum Stands {
    /// In a record of its own.
    Stored { seek: u64, nbytes: u32 },
    /// In the tree's record, as this object of it.
    Embedded(ObjectId),
}

impl StatedBasket {
    /// The basket; the objects of those in the tree's record are in `graph`.
    ///
    /// # Errors
    /// When such an object is no basket.
    pub fn basket(&self, graph: &Graph) -> Result<Basket> {
        Ok(Basket {
            first_entry: self.first_entry,
            entries: self.entries,
            location: match self.stands {
                Stands::Stored { seek, nbytes } => Location::Stored { seek, nbytes },
                Stands::Embedded(id) => Location::Embedded(self.embedded(graph, id)?.clone()),
            },
        })
    }

    /// The same, without what it holds.
    ///
    /// # Errors
    /// As [`StatedBasket::basket`].
    pub fn place(&self, graph: &Graph) -> Result<BasketPlace> {
        let (first, entries) = (self.first_entry, self.entries);
        Ok(match self.stands {
            Stands::Stored { seek, nbytes } => BasketPlace::stored(seek, nbytes, first, entries),
            Stands::Embedded(id) => {
                let basket = self.embedded(graph, id)?;
                BasketPlace::embedded(basket.position, basket.raw.len(), first, entries)
            }
        })
    }

    fn embedded<'g>(&self, graph: &'g Graph, id: ObjectId) -> Result<&'g EmbeddedBasket> {
        match &graph.get(id)?.body {
            Body::Basket(basket) => Ok(basket),
            _ => Err(Error::malformed(format!(
                "the basket at entry {} is no basket",
                self.first_entry
            ))),
        }
    }
}

impl Stated<'_> {
    /// Gives all baskets to `take`, in the order of their entries.
    ///
    /// # Errors
    /// When they contradict each other, or `take` fails.
    pub fn each(&self, mut take: impl FnMut(StatedBasket) -> Result<()>) -> Result<()> {
        // fWriteBasket is the one being filled: those before it are full.
        let full = usize::try_from(self.write_basket).unwrap_or(0);
        let first_entries = offsets(self.first_entries)?;
        let seeks = offsets(self.seeks)?;
        let lengths = offsets(self.lengths)?;
        let (entries, embedded) = (self.entries, self.embedded);

        if self.is_parent
            && full == 0
            && seeks(0) == 0
            && embedded.iter().flatten().next().is_none()
        {
            // A split object's own branch counts entries without holding any.
            return Ok(());
        }
        let mut there = 0;
        for index in 0..=full {
            let first_entry = first_entries(index);
            if first_entry >= entries {
                break;
            }
            let end = if index < full {
                first_entries(index + 1)
            } else {
                entries
            };
            let Some(count) = end.checked_sub(first_entry) else {
                return Err(Error::malformed(format!(
                    "basket {index} begins at entry {first_entry}, the next at {end}"
                )));
            };
            let stands = match (seeks(index), embedded.get(index)) {
                (0, Some(Some(id))) => Stands::Embedded(*id),
                (0, _) if count == 0 => continue,
                (0, _) => return Err(Error::malformed(format!("basket {index} stands nowhere"))),
                (seek, _) => Stands::Stored {
                    seek,
                    nbytes: u32::try_from(lengths(index)).map_err(|_| {
                        Error::malformed(format!("basket {index} is longer than 4 GiB"))
                    })?,
                },
            };
            take(StatedBasket {
                first_entry,
                entries: count,
                stands,
            })?;
            there = end;
        }
        if there == entries {
            Ok(())
        } else {
            Err(Error::malformed(format!(
                "its baskets hold {there} entries of {entries}"
            )))
        }
    }
}

/// Offsets, lengths or entry numbers, none of which is negative, by index; 0 where there is none.
fn offsets(values: &[i64]) -> Result<impl Fn(usize) -> u64> {
    match values.iter().find(|&&value| value < 0) {
        Some(value) => Err(Error::malformed(format!(
            "{value} among its baskets' places"
        ))),
        None => Ok(|index: usize| values.get(index).map_or(0, |value| value.unsigned_abs())),
    }
}

/// Offsets, lengths or entry numbers, which old files store in 32 bits.
///
/// # Errors
/// When they are of another type.
pub(super) fn integers(values: &Values) -> Result<Cow<'_, [i64]>> {
    match values {
        Values::I32(values) => Ok(values.iter().map(|&value| value.into()).collect()),
        Values::I64(values) => Ok(values.into()),
        // Before version 10, a char before the array told 64-bit offsets from 32-bit ones.
        _ => Err(Error::unsupported("type of its baskets' places")),
    }
}
