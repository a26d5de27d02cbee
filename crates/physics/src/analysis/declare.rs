//! What every analysis declares: its name, its events, its cuts.

use super::first_cuts::FirstCuts;
use crate::{Correction, Corrections, FinalState, Output};

/// What is known of an analysis before it sees events.
#[derive(Debug)]
pub struct Declared {
    /// The name, as the reference framework has it: `HZZ`.
    pub name: &'static str,
    /// The collection of events the selection is made for.
    pub final_state: FinalState,
    /// The output to fill: histograms in the order in which they are written, and cuts.
    pub blank: Output,
    /// What is done otherwise than in the reference.
    pub corrections: Corrections,
    /// What is cut on before all columns are read.
    pub(super) first_cuts: FirstCuts,
}

impl Declared {
    /// Whether a mistake of the reference is corrected.
    pub(super) fn corrects(&self, correction: Correction) -> bool {
        self.corrections.has(correction)
    }
}

/// Declares an analysis by its name, its final state and its cuts in order.
///
/// `Hzz: "HZZ" in FourLepton { trigger: "electron or muon trigger", … }` makes `struct Hzz` with
/// what is [`Declared`], the [`cuts!`](crate::cutflow::cuts), of which the module's `Cuts::first`
/// gives the [`FirstCuts`], and the module's `Plots`.
macro_rules! declare {
    (
        $(#[$doc:meta])*
        $analysis:ident: $name:literal in $final_state:ident {
            $( $cut:ident: $text:literal, )+
        }
    ) => {
        $crate::cutflow::cuts! { $( $cut: $text, )+ }

        $(#[$doc])*
        #[derive(Debug)]
        pub struct $analysis {
            declared: $crate::analysis::Declared,
            cuts: Cuts,
            plots: Plots,
        }

        impl $analysis {
            /// The name of the analysis.
            pub const NAME: &'static str = $name;

            /// The analysis, ready to select.
            ///
            /// # Errors
            /// None in practice: the histograms can all be booked.
            pub fn new(corrections: $crate::Corrections) -> Result<Self, $crate::Error> {
                let mut blank = $crate::Output::default();
                let plots = Plots::book(&mut blank, corrections)?;
                let cuts = Cuts::declare(&mut blank.cutflow);
                let declared = $crate::analysis::Declared {
                    name: Self::NAME,
                    final_state: $crate::FinalState::$final_state,
                    blank,
                    corrections,
                    first_cuts: cuts.first(),
                };
                Ok(Self { declared, cuts, plots })
            }
        }

        impl AsRef<$crate::analysis::Declared> for $analysis {
            fn as_ref(&self) -> &$crate::analysis::Declared {
                &self.declared
            }
        }
    };
}

pub(super) use declare;
