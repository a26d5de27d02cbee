//! The sums that a histogram keeps: of each bin, and of all fills inside its range.

use std::ops::AddAssign;

/// Sums over the fills inside the range: `TH1::fTsumw` and its siblings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Σw.
    pub sumw: f64,
    /// Σw².
    pub sumw2: f64,
    /// Σwx.
    pub sumwx: f64,
    /// Σwx².
    pub sumwx2: f64,
}

impl AddAssign for Statistics {
    fn add_assign(&mut self, other: Self) {
        self.sumw += other.sumw;
        self.sumw2 += other.sumw2;
        self.sumwx += other.sumwx;
        self.sumwx2 += other.sumwx2;
    }
}

/// Sums over the fills of one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bin {
    pub(crate) sumw: f64,
    pub(crate) sumw2: f64,
}
