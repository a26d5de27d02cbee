//! Objects whose properties lie in one vector branch each.

use std::ops::Range;

use rootlake_io::column::Scalar;

use crate::schema::BranchSpec;
use crate::{Batch, Error, Vectors};

/// Declares the objects of a collection by their properties and the branches that hold them.
///
/// For `Lepton in Leptons { pt: f32 = PT "lep_pt", … }` it makes `struct Lepton { pt: f32, … }`
/// with `Lepton::PT` and its siblings for the branches, and `struct Leptons<'a>` which views the
/// branches of a batch and gives the leptons of one event by value.
macro_rules! collection {
    (
        $(#[$object_doc:meta])*
        $object:ident in $collection:ident {
            $( $(#[$doc:meta])* $property:ident: $type:ty = $constant:ident $branch:literal, )+
        }
    ) => {
        $(#[$object_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $object { $( $(#[$doc])* pub $property: $type, )+ }

        impl $object {
            $(
                #[doc = concat!("The branch of [`", stringify!($property), "`](Self::", stringify!($property), ").")]
                pub const $constant: $crate::schema::BranchSpec = $crate::schema::BranchSpec::vector(
                    $branch,
                    <$type as rootlake_io::column::Scalar>::TYPE,
                );
            )+
        }

        #[doc = concat!("The branches of every [`", stringify!($object), "`] of a batch.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $collection<'a> {
            /// The offsets of all branches, where these are the same, as they should be.
            offsets: Option<&'a [u32]>,
            $( $property: Option<$crate::Vectors<'a, $type>>, )+
        }

        impl<'a> $collection<'a> {
            /// Finds those among `branches` that belong here. The properties of the others, which
            /// the caller does not use, are zero.
            ///
            /// # Errors
            /// As [`Batch::vectors`](crate::Batch::vectors).
            pub fn of(
                batch: &'a $crate::Batch,
                branches: &[$crate::schema::BranchSpec],
            ) -> Result<Self, $crate::Error> {
                let among = branches;
                $( let $property = $crate::collection::view(batch, $object::$constant, among)?; )+
                let offsets = [$( $property.as_ref().map($crate::Vectors::offsets), )+];
                let offsets = $crate::collection::shared(offsets);
                Ok(Self { offsets, $( $property, )+ })
            }

            /// The first `count` objects of an entry, in the file's order.
            ///
            /// # Errors
            /// [`Error::ShortVector`](crate::Error::ShortVector) when a branch holds fewer.
            #[inline]
            pub fn event(
                &self,
                entry: usize,
                count: u32,
            ) -> Result<impl Iterator<Item = $object> + Clone + use<'a>, $crate::Error> {
                // Looked up once for all properties.
                let range = self
                    .offsets
                    .and_then(|offsets| $crate::collection::leading(offsets, entry, count));
                $( let $property = match (&self.$property, &range) {
                    (None, _) => &[],
                    (Some(vectors), Some(range)) => vectors.slice(range.clone()),
                    (Some(vectors), None) => vectors.leading(entry, count)?,
                }; )+
                Ok((0..count as usize).map(move |at| $object {
                    $( $property: $property.get(at).copied().unwrap_or_default(), )+
                }))
            }
        }
    };
}

pub(crate) use collection;

/// The offsets that all branches share, if they do.
pub(crate) fn shared<'a>(
    offsets: impl IntoIterator<Item = Option<&'a [u32]>>,
) -> Option<&'a [u32]> {
    let mut known = offsets.into_iter().flatten();
    let first = known.next()?;
    known.all(|other| other == first).then_some(first)
}

/// Where the first `count` values of an entry's vector stand, if it has so many.
#[inline]
pub(crate) fn leading(offsets: &[u32], entry: usize, count: u32) -> Option<Range<usize>> {
    let (&start, &end) = (offsets.get(entry)?, offsets.get(entry.checked_add(1)?)?);
    let wanted = start.checked_add(count)?;
    (wanted <= end).then_some(start as usize..wanted as usize)
}

/// The vectors of a branch, `None` if it is not among those that are used.
pub(crate) fn view<'a, T: Scalar>(
    batch: &'a Batch,
    branch: BranchSpec,
    among: &[BranchSpec],
) -> Result<Option<Vectors<'a, T>>, Error> {
    match among.contains(&branch) {
        true => batch.vectors(branch.name).map(Some),
        false => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_offsets_that_are_the_same_are_shared() {
        let (a, b) = ([0, 2, 3], [0, 1, 3]);
        assert_eq!(shared([Some(&a[..]), None, Some(&a.clone())]), Some(&a[..]));
        assert_eq!(shared([Some(&a[..]), Some(&b)]), None);
        assert_eq!(shared([None, None]), None);
    }

    #[test]
    fn no_more_values_lead_a_vector_than_it_has() {
        let offsets = [0, 2, 3];
        assert_eq!(leading(&offsets, 0, 1), Some(0..1));
        assert_eq!(leading(&offsets, 1, 1), Some(2..3));
        assert_eq!(leading(&offsets, 1, 2), None);
        assert_eq!(leading(&offsets, 2, 0), None);
        assert_eq!(leading(&offsets, usize::MAX, 0), None);
    }
}
