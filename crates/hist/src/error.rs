//! What can go wrong with a histogram.

use crate::Axis;

/// An axis that cannot be, or histograms that do not belong together.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// An axis without bins, without extent, or with an edge that is not finite.
    #[error("an axis of {bins} bins from {low} to {high} cannot be filled")]
    Axis {
        /// The number of bins asked for.
        bins: u32,
        /// The lower edge asked for.
        low: f64,
        /// The upper edge asked for.
        high: f64,
    },
    /// Two histograms of different binning were added.
    #[error("cannot add to histogram `{name}` ({ours}) one binned {theirs}")]
    Binning {
        /// The histogram that was added to.
        name: String,
        /// Its binning.
        ours: Axis,
        /// The binning of the other.
        theirs: Axis,
    },
    /// Two sets were added whose histograms are not the same ones in the same order.
    #[error("cannot add sets of histograms: {ours} stands where the other has {theirs}")]
    Order {
        /// The name in the set that was added to, or "nothing" past its end.
        ours: String,
        /// The name in the other set, or "nothing" past its end.
        theirs: String,
    },
    /// A name was booked twice.
    #[error("histogram `{0}` is booked already")]
    Booked(String),
}
