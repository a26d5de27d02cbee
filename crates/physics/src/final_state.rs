//! The collections into which the open data are skimmed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Error;

/// A collection of events with the same final state: a folder of the open data, a part of its
/// file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum FinalState {
    /// `1lep`: at least one lepton.
    OneLepton,
    /// `2lep`: at least two leptons.
    TwoLepton,
    /// `3lep`: three leptons.
    ThreeLepton,
    /// `4lep`: at least four leptons.
    FourLepton,
    /// `GamGam`: at least two photons.
    Diphoton,
    /// `1lep1tau`: a lepton and a hadronically decaying tau lepton.
    LeptonTau,
    /// `1largeRjet1lep`: a large-R jet and a lepton.
    LargeRJetLepton,
}

impl FinalState {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::OneLepton,
        Self::TwoLepton,
        Self::ThreeLepton,
        Self::FourLepton,
        Self::Diphoton,
        Self::LeptonTau,
        Self::LargeRJetLepton,
    ];

    /// The name as it stands in folders and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneLepton => "1lep",
            Self::TwoLepton => "2lep",
            Self::ThreeLepton => "3lep",
            Self::FourLepton => "4lep",
            Self::Diphoton => "GamGam",
            Self::LeptonTau => "1lep1tau",
            Self::LargeRJetLepton => "1largeRjet1lep",
        }
    }
}

impl fmt::Display for FinalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for FinalState {
    type Error = Error;

    fn try_from(name: String) -> Result<Self, Error> {
        name.parse()
    }
}

impl From<FinalState> for String {
    fn from(final_state: FinalState) -> Self {
        final_state.name().to_owned()
    }
}

impl FromStr for FinalState {
    type Err = Error;

    /// Takes the name in any case.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.map(Self::name);
        let found = Self::ALL
            .into_iter()
            .find(|f| f.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| Error::UnknownFinalState {
            name: name.to_owned(),
            known: known.join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_any_case() {
        assert_eq!("gamgam".parse(), Ok(FinalState::Diphoton));
        assert_eq!("4LEP".parse(), Ok(FinalState::FourLepton));
        let error = "5lep".parse::<FinalState>().unwrap_err().to_string();
        assert_eq!(
            error,
            "no final state is called `5lep`; there are 1lep, 2lep, 3lep, 4lep, \
             GamGam, 1lep1tau, 1largeRjet1lep"
        );
    }
}
