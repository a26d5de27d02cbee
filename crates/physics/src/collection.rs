//! Objects whose properties lie in one vector branch each.

/// Declares the objects of a collection by their properties and the branches that hold them.
///
/// For `Lepton in Leptons { pt: f32 = "lep_pt", … }` it makes `struct Lepton { pt: f32, … }` with
/// `Lepton::BRANCHES`, and `struct Leptons<'a>` which views the branches of a batch and gives the
/// leptons of one event by value.
macro_rules! collection {
    (
        $(#[$object_doc:meta])*
        $object:ident in $collection:ident {
            $( $(#[$doc:meta])* $property:ident: $type:ty = $branch:literal, )+
        }
    ) => {
        $(#[$object_doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $object { $( $(#[$doc])* pub $property: $type, )+ }

        impl $object {
            /// The branches that hold the properties.
            pub const BRANCHES: &'static [$crate::schema::BranchSpec] = &[
                $( $crate::schema::BranchSpec::vector(
                    $branch,
                    <$type as rootlake_io::column::Scalar>::TYPE,
                ), )+
            ];
        }

        #[doc = concat!("The branches of every [`", stringify!($object), "`] of a batch.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $collection<'a> { $( $property: $crate::Vectors<'a, $type>, )+ }

        impl<'a> $collection<'a> {
            /// Finds the branches in a batch.
            ///
            /// # Errors
            /// As [`Batch::vectors`](crate::Batch::vectors).
            pub fn of(batch: &'a $crate::Batch) -> Result<Self, $crate::Error> {
                Ok(Self { $( $property: batch.vectors($branch)?, )+ })
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
            ) -> Result<impl Iterator<Item = $object> + use<'a>, $crate::Error> {
                $( let mut $property = self.$property.leading(entry, count)?.iter(); )+
                Ok((0..count).map_while(move |_| {
                    Some($object { $( $property: *$property.next()?, )+ })
                }))
            }
        }
    };
}

pub(crate) use collection;
