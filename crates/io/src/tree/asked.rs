//! The members that are asked of every branch and leaf.

use crate::object::Sought;

macro_rules! members {
    ($(#[$doc:meta] $name:ident { $($field:ident $member:literal,)+ })+) => {
        $(
            #[$doc]
            #[derive(Debug)]
            pub(super) struct $name {
                $(
                    #[doc = concat!("`", $member, "`.")]
                    pub $field: Sought,
                )+
            }

            impl Default for $name {
                fn default() -> Self {
                    Self { $($field: Sought::new($member),)+ }
                }
            }
        )+
    };
}

members! {
    /// Those of a `TBranch`.
    BranchMembers {
        name "fName",
        title "fTitle",
        compression "fCompress",
        entries "fEntries",
        total_bytes "fTotBytes",
        file_name "fFileName",
        branches "fBranches",
        leaves "fLeaves",
        embedded "fBaskets",
        write_basket "fWriteBasket",
        first_entries "fBasketEntry",
        seeks "fBasketSeek",
        lengths "fBasketBytes",
    }
    /// Those of a `TLeaf`.
    LeafMembers {
        name "fName",
        title "fTitle",
        length "fLen",
        counter "fLeafCount",
        is_unsigned "fIsUnsigned",
    }
}
