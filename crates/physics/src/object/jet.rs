//! Jets.

use crate::collection::collection;

collection! {
    /// A jet.
    Jet in Jets {
        /// Transverse momentum, MeV.
        pt: f32 = "jet_pt",
        /// Pseudorapidity.
        eta: f32 = "jet_eta",
    }
}

/// What makes a jet a good one.
#[derive(Clone, Copy, Debug)]
pub struct JetCuts {
    /// The transverse momentum lies above this, MeV.
    pub min_pt: f64,
    /// |η| lies below this.
    pub max_abs_eta: f64,
}

impl JetCuts {
    /// Whether the jet passes.
    pub fn accept(&self, jet: &Jet) -> bool {
        f64::from(jet.pt) > self.min_pt && f64::from(jet.eta.abs()) < self.max_abs_eta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_strict() {
        let cuts = JetCuts {
            min_pt: 30_000.0,
            max_abs_eta: 4.4,
        };
        let jet = Jet {
            pt: 30_001.0,
            eta: -4.3,
        };
        assert!(cuts.accept(&jet));
        assert!(!cuts.accept(&Jet {
            pt: 30_000.0,
            ..jet
        }));
        assert!(!cuts.accept(&Jet { eta: -4.5, ..jet }));
        // The float next to 4.4 lies above it in double precision.
        assert!(!cuts.accept(&Jet { eta: 4.4, ..jet }));
        assert!(!cuts.accept(&Jet {
            eta: f32::NAN,
            ..jet
        }));
    }
}
