//! Where the baskets of a branch stand, from what the branch says.

use std::sync::Arc;

use super::branch::{Basket, Location};
use super::outline::BasketPlace;
use crate::column::Values;
use crate::error::{Error, Result};
use crate::object::{Body, EmbeddedBasket, Graph, ObjectId, StoredIntegers};

/// What a branch says of its baskets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stated<'a> {
    /// `fEntries`.
    pub entries: u64,
    /// `fWriteBasket`: the number of the one being filled.
    pub write_basket: i64,
    /// `fBasketEntry`: the first entry of each.
    pub first_entries: Integers<'a>,
    /// `fBasketSeek`: where each stands; 0 where it has no record of its own.
    pub seeks: Integers<'a>,
    /// `fBasketBytes`: their lengths.
    pub lengths: Integers<'a>,
    /// `fBaskets`: those in the tree's record.
    pub embedded: &'a [Option<ObjectId>],
    /// Whether the branch holds branches.
    pub is_parent: bool,
}

/// A basket as its branch states it.
pub(super) struct StatedBasket<'g> {
    first_entry: u64,
    entries: u64,
    stands: Stands<'g>,
}

/// Where a stated basket stands.
enum Stands<'g> {
    /// In a record of its own.
    Stored { seek: u64, nbytes: u32 },
    /// In the tree's record.
    Embedded(&'g Arc<EmbeddedBasket>),
}

impl StatedBasket<'_> {
    /// The basket.
    pub fn basket(&self) -> Basket {
        Basket {
            first_entry: self.first_entry,
            entries: self.entries,
            location: match self.stands {
                Stands::Stored { seek, nbytes } => Location::Stored { seek, nbytes },
                Stands::Embedded(basket) => Location::Embedded(Arc::clone(basket)),
            },
        }
    }

    /// The same, without what it holds.
    pub fn place(&self) -> BasketPlace {
        let (first, entries) = (self.first_entry, self.entries);
        match self.stands {
            Stands::Stored { seek, nbytes } => BasketPlace::stored(seek, nbytes, first, entries),
            Stands::Embedded(basket) => {
                BasketPlace::embedded(basket.position, basket.raw.len(), first, entries)
            }
        }
    }
}

impl Stated<'_> {
    /// Gives all baskets to `take`, in the order of their entries; those in the tree's record are
    /// in `graph`.
    ///
    /// # Errors
    /// When they contradict each other.
    pub fn each<'g>(&self, graph: &'g Graph, mut take: impl FnMut(StatedBasket<'g>)) -> Result<()> {
        // fWriteBasket is the one being filled: those before it are full. What is said of any
        // behind it may be rubbish.
        let full = usize::try_from(self.write_basket).unwrap_or(0);
        let entries = self.entries;
        if self.is_parent && full == 0 && self.holds_nothing(graph)? {
            // A split object's own branch counts entries without holding any.
            return Ok(());
        }
        let mut there = 0;
        for index in 0..=full {
            let first_entry = place(self.first_entries, index)?;
            if first_entry >= entries {
                break;
            }
            let end = if index < full {
                place(self.first_entries, index + 1)?
            } else {
                entries
            };
            let Some(count) = end.checked_sub(first_entry) else {
                return Err(Error::malformed(format!(
                    "basket {index} begins at entry {first_entry}, the next at {end}"
                )));
            };
            // Of one in the tree's record the rest may be rubbish too.
            let embedded = self.embedded(graph, index)?;
            let stands = match embedded.filter(|basket| !basket.header_only) {
                Some(basket) => Stands::Embedded(basket),
                None => match place(self.seeks, index)? {
                    0 if count == 0 => continue,
                    0 => return Err(Error::malformed(format!("basket {index} stands nowhere"))),
                    seek => Stands::Stored {
                        seek,
                        nbytes: u32::try_from(place(self.lengths, index)?).map_err(|_| {
                            Error::malformed(format!("basket {index} is longer than 4 GiB"))
                        })?,
                    },
                },
            };
            take(StatedBasket {
                first_entry,
                entries: count,
                stands,
            });
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

    /// Whether its first basket, the one being filled, holds no entry.
    fn holds_nothing(&self, graph: &Graph) -> Result<bool> {
        Ok(match self.embedded(graph, 0)? {
            Some(basket) if !basket.header_only => basket.entries == 0,
            _ => place(self.seeks, 0)? == 0,
        })
    }

    /// The basket with number `index`, if it stands in the tree's record.
    fn embedded<'g>(
        &self,
        graph: &'g Graph,
        index: usize,
    ) -> Result<Option<&'g Arc<EmbeddedBasket>>> {
        let Some(Some(id)) = self.embedded.get(index) else {
            return Ok(None);
        };
        match &graph.get(*id)?.body {
            Body::Basket(basket) => Ok(Some(basket)),
            _ => Err(Error::malformed(format!("basket {index} is no basket"))),
        }
    }
}

/// An offset, length or entry number, none of which is negative, by index; 0 where there is none.
#[inline]
fn place(values: Integers<'_>, index: usize) -> Result<u64> {
    let value = values.get(index).unwrap_or(0);
    u64::try_from(value).map_err(|_| negative(value))
}

#[cold]
fn negative(value: i64) -> Error {
    Error::malformed(format!("{value} among its baskets' places"))
}

/// Offsets, lengths or entry numbers, which old files store in 32 bits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Integers<'a> {
    /// Of 32 bits.
    Narrow(&'a [i32]),
    /// Of 64 bits.
    Wide(&'a [i64]),
    /// As the record holds them.
    Stored(StoredIntegers<'a>),
}

impl<'a> Integers<'a> {
    /// Those of a member.
    ///
    /// # Errors
    /// When they are of another type.
    pub fn of(values: &'a Values) -> Result<Self> {
        match values {
            Values::I32(values) => Ok(Self::Narrow(values)),
            Values::I64(values) => Ok(Self::Wide(values)),
            // Before version 10, a char before the array told 64-bit offsets from 32-bit ones.
            _ => Err(Error::unsupported("type of its baskets' places")),
        }
    }

    #[inline]
    fn get(self, index: usize) -> Option<i64> {
        match self {
            Self::Narrow(values) => values.get(index).map(|&value| value.into()),
            Self::Wide(values) => values.get(index).copied(),
            Self::Stored(values) => values.get(index),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::object::Object;

    fn graph(entries: u32) -> (Graph, [Option<ObjectId>; 1]) {
        let mut graph = Graph::default();
        let basket = EmbeddedBasket {
            raw: Bytes::new(),
            position: 0,
            header_only: false,
            entries,
            data: Bytes::new(),
            offsets: None,
            key_length: 0,
            displacements: None,
        };
        let id = graph.add(Object {
            class: "TBasket".into(),
            body: Body::Basket(Arc::new(basket)),
        });
        (graph, [Some(id)])
    }

    fn stated(embedded: &[Option<ObjectId>]) -> Stated<'_> {
        Stated {
            entries: 5,
            write_basket: 0,
            first_entries: Integers::Wide(&[0, -7]),
            seeks: Integers::Wide(&[3_670_392, -7]),
            lengths: Integers::Wide(&[-1, -7]),
            embedded,
            is_parent: false,
        }
    }

    fn places(stated: &Stated<'_>, graph: &Graph) -> Result<Vec<BasketPlace>> {
        let mut places = Vec::new();
        stated.each(graph, |basket| places.push(basket.place()))?;
        Ok(places)
    }

    /// `TBranch::GetBasket` asks first for the basket in memory, and for its values next.
    #[test]
    fn a_basket_in_the_record_goes_before_a_place_in_the_file() {
        let (mut graph, embedded) = graph(5);
        let found = places(&stated(&embedded), &graph).unwrap();
        assert_eq!((found.len(), found[0].is_stored()), (1, false));
        if let Body::Basket(basket) = &mut graph.get_mut(Graph::ROOT).unwrap().body {
            Arc::make_mut(basket).header_only = true;
        }
        let said = Stated {
            lengths: Integers::Narrow(&[100]),
            ..stated(&embedded)
        };
        assert!(places(&said, &graph).unwrap()[0].is_stored());
        // Without it, what is said of the place counts.
        assert!(places(&stated(&[]), &graph).is_err());
    }

    #[test]
    fn the_empty_basket_of_a_branch_of_branches_is_none() {
        let (graph, embedded) = graph(0);
        let own = stated(&embedded);
        let parent = Stated {
            is_parent: true,
            ..own
        };
        assert_eq!(places(&parent, &graph).unwrap(), []);
        // Elsewhere it lacks entries, which its reader tells.
        assert_eq!(places(&own, &graph).unwrap().len(), 1);
    }
}
