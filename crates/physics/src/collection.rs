//! Objects whose properties lie in one vector branch each.

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
        pub struct $collection<'a> { $( $property: Option<$crate::Vectors<'a, $type>>, )+ }

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
                Ok(Self {
                    $( $property: $crate::collection::view(batch, $object::$constant, among)?, )+
                })
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
                $( let mut $property = match &self.$property {
                    Some(vectors) => vectors.leading(entry, count)?.iter(),
                    None => [].iter(),
                }; )+
                Ok((0..count).map(move |_| $object {
                    $( $property: $property.next().copied().unwrap_or_default(), )+
                }))
            }
        }
    };
}

pub(crate) use collection;

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
