//! Where an analysis can do what the reference framework means rather than what it does.
//!
//! By default the analyses give the reference's histograms, its mistakes included. Each mistake is
//! named here once, as a [`Correction`] with its [`Difference`]; an analysis asks its
//! [`Corrections`] for it by that name where it matters. What the reference leaves undefined has no
//! result to reproduce: those few cases are in [`UNDEFINED`].

/// What the reference does, and what is done instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The analyses concerned, as the reference names them.
    pub analyses: &'static [&'static str],
    /// What differs.
    pub what: &'static str,
    /// What the reference does, with the place in its code.
    pub reference: &'static str,
    /// What is done here.
    pub instead: &'static str,
}

/// Lists the corrections once for the enumeration, its documentation and [`Correction::difference`].
macro_rules! corrections {
    ($( $correction:ident of $analyses:expr => {
        what: $what:literal,
        reference: $reference:literal,
        instead: $instead:literal,
    } )+) => {
        /// One thing that the reference does wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Correction {
            $(
                #[doc = concat!($what, ": the reference ", $reference, "; corrected: ", $instead, ".")]
                $correction,
            )+
        }

        impl Correction {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$correction),+];

            /// What it changes.
            pub fn difference(self) -> &'static Difference {
                match self {
                    $( Self::$correction => &Difference {
                        analyses: $analyses,
                        what: $what,
                        reference: $reference,
                        instead: $instead,
                    }, )+
                }
            }
        }
    };
}

corrections! {
    FillByName of &["WBoson"] => {
        what: "fills of hist_mtw",
        reference: "picks histograms by parts of their names, so that each event is filled three times, once with 0 (WBosonAnalysisHistograms.h:98)",
        instead: "each event is filled once",
    }
    OtherFlavour of &["WBoson", "ZTauTau"] => {
        what: "hist_mtw_enu and hist_mtw_munu, hist_mt_etau and hist_mt_mutau",
        reference: "fills 0 into the histogram of the other flavour",
        instead: "only the lepton's own flavour is filled",
    }
    NeverFilled of &[
        "WBoson", "ZBoson", "TTbar", "SingleTop", "WZDiBoson", "ZZDiBoson", "HZZ", "HWW",
        "ZPrimeBoosted", "ZTauTau",
    ] => {
        what: "histograms that stay empty",
        reference: "books and writes the leptons' isolation, z0 and d0 and never fills them, nor missing energy and jets of ZBoson and the leading jet of HWW",
        instead: "they are filled",
    }
    TrackWithoutNumber of &["WBoson", "SingleTop", "SUSY"] => {
        what: "cuts on a lepton's track and surroundings",
        reference: "refuses what lies above the bound, so that NaN and the bound pass (WBosonAnalysis.C:110, SingleTopAnalysis.C:110, SUSYAnalysis.C:138)",
        instead: "what does not lie below the bound is refused, as in the other analyses",
    }
    ImpossiblePairing of &["ZZDiBoson"] => {
        what: "which of four leptons are pairs",
        reference: "counts a pairing of equal charges with masses and distance 0, which beats every other among four leptons of one flavour (ZZDiBosonAnalysis.C:159-215)",
        instead: "only possible pairings count, the one closest to both Z's wins, and an event without one is refused",
    }
    LastPairing of &["HZZ"] => {
        what: "which of four leptons are pairs",
        reference: "takes the last possible pairing, and zeros for the masses without one (HZZAnalysis.C:157-194)",
        instead: "the pairing with the mass closest to the Z's wins, and an event without one is refused",
    }
    EqualPairs of &["WZDiBoson"] => {
        what: "which two of three leptons are the Z's",
        reference: "refuses the event if two are equally close to the Z's mass (WZDiBosonAnalysis.C:179-226)",
        instead: "the first of them is taken",
    }
    SingleCosine of &["Hyy"] => {
        what: "the mass of two photons",
        reference: "rounds the angle between them and takes its cosine in single precision (HyyAnalysis.C:125-129)",
        instead: "it is the mass of the sum of their momenta, in double precision",
    }
    LastJet of &["ZTauTau"] => {
        what: "hist_leadjet_pt and hist_leadjet_eta",
        reference: "fills the last good jet, or the first jet of all if none is good (ZTauTauAnalysis.C:188-208)",
        instead: "the first good jet is filled, if there is one",
    }
    EveryLargeRJet of &["ZPrimeBoosted"] => {
        what: "hist_leadLRjet_* and hist_n_leadLRjets",
        reference: "fills every large-R jet of an event as the leading one, and their number as often (ZPrimeBoostedAnalysis.C:262)",
        instead: "the leading one in the range that is plotted is filled, and the number once",
    }
    UnequalCharges of &["SUSY"] => {
        what: "opposite charges",
        reference: "asks for charges that differ (SUSYAnalysis.C:162)",
        instead: "their product is negative",
    }
    OtherParticles of &["SUSY"] => {
        what: "leptons that are neither electrons nor muons",
        reference: "takes them for good ones, exempt from the cuts that depend on the flavour (SUSYAnalysis.C:96-152)",
        instead: "they are refused",
    }
    OverlapByOrder of &["SUSY"] => {
        what: "jets that are electrons",
        reference: "crosses them out for the leptons after the electron alone, so that the order of leptons decides (SUSYAnalysis.C:109-131)",
        instead: "the jets of all electrons are crossed out first",
    }
    EveryJet of &["SUSY"] => {
        what: "jets that count against the signal",
        reference: "counts jets of other collisions, jets beyond |eta| 4.5, and electrons (SUSYAnalysis.C:209-212)",
        instead: "only the jets count that leptons are held against, without electrons",
    }
    ZeroWeight of &[
        "WBoson", "ZBoson", "TTbar", "SingleTop", "WZDiBoson", "ZZDiBoson", "HZZ", "HWW",
        "ZPrimeBoosted", "ZTauTau", "SUSY",
    ] => {
        what: "events of weight 0 in samples of a single top quark",
        reference: "divides the weight by its size for the sign, which is NaN",
        instead: "their weight is 0",
    }
}

/// What the reference leaves undefined or to chance: the same here with corrections and without.
pub const UNDEFINED: &[Difference] = &[
    Difference {
        analyses: &["ZBoson", "WZDiBoson", "ZZDiBoson", "HWW", "Hyy"],
        what: "more good objects than the selection wants",
        reference: "writes their indices past the end of an array (ZBosonAnalysis.C:82, WZDiBosonAnalysis.C:81, ZZDiBosonAnalysis.C:83, HWWAnalysis.C:81, HyyAnalysis.C:82)",
        instead: "the event is refused, which is what the reference means to do next",
    },
    Difference {
        analyses: &["TTbar", "ZPrimeBoosted", "ZTauTau"],
        what: "hist_*syst* of simulations",
        reference: "smears with a generator seeded anew at each event, by the clock (TTbarAnalysis.C:197, ZPrimeBoostedAnalysis.C:338, ZTauTauAnalysis.C:243)",
        instead: "the event's number is the seed",
    },
    Difference {
        analyses: &["SUSY"],
        what: "two good leptons that are neither electrons nor muons",
        reference: "fills the channel of the last pair before, whichever that was (SUSYAnalysis.C:32,179-180)",
        instead: "the event is refused",
    },
    Difference {
        analyses: crate::analysis::NAMES.as_slice(),
        what: "sums of weights",
        reference: "adds them in single precision in the order of events, up to rounding",
        instead: "sums are kept in double precision and rounded once",
    },
    Difference {
        analyses: crate::analysis::NAMES.as_slice(),
        what: "a branch that is missing, or of another type",
        reference: "goes on with a member that was never set",
        instead: "an error names the branch, the analysis and the file",
    },
];

/// Which mistakes of the reference are corrected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrections(u32);

impl Corrections {
    /// The reference as it is.
    pub const NONE: Self = Self(0);
    /// What the reference means.
    pub const ALL: Self = Self(u32::MAX);

    /// [`Self::ALL`] or [`Self::NONE`].
    pub const fn all_if(wanted: bool) -> Self {
        if wanted { Self::ALL } else { Self::NONE }
    }

    /// One correction alone.
    pub const fn only(correction: Correction) -> Self {
        Self(1 << correction as u32)
    }

    /// The names of those that an analysis makes, with commas between them.
    pub fn stated(self, analysis: &str) -> String {
        let concerns = |difference: &Difference| {
            let mut analyses = difference.analyses.iter();
            analyses.any(|name| name.eq_ignore_ascii_case(analysis))
        };
        let made = Correction::ALL.iter();
        let made = made.filter(|one| self.has(**one) && concerns(one.difference()));
        let names: Vec<_> = made.map(|one| format!("{one:?}")).collect();
        names.join(", ")
    }

    /// Whether a correction is among them.
    #[inline]
    pub const fn has(self, correction: Correction) -> bool {
        self.0 & Self::only(correction).0 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::NAMES;

    #[test]
    fn a_set_has_what_was_put_into_it() {
        for &one in Correction::ALL {
            assert!(Corrections::ALL.has(one) && !Corrections::NONE.has(one));
            for &other in Correction::ALL {
                assert_eq!(Corrections::only(one).has(other), one == other);
            }
        }
    }

    #[test]
    fn the_corrections_of_an_analysis_are_stated() {
        assert_eq!(Corrections::NONE.stated("HZZ"), "");
        let stated = Corrections::ALL.stated("hzz");
        assert_eq!(stated, "NeverFilled, LastPairing, ZeroWeight");
        assert_eq!(Corrections::only(Correction::LastJet).stated("HZZ"), "");
    }

    #[test]
    fn every_difference_is_one_of_known_analyses() {
        let all = Correction::ALL.iter().map(|c| c.difference());
        for difference in all.chain(UNDEFINED) {
            assert!(!difference.analyses.is_empty(), "{difference:?}");
            for name in difference.analyses {
                assert!(NAMES.contains(name), "{name}");
            }
        }
    }
}
