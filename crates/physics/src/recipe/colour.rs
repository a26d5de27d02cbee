//! Colours by the names that ROOT's wheel has for them.

use serde::Deserialize;

/// A colour of ROOT: `kAzure+8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct RootColour(u16);

impl RootColour {
    /// `kRed`.
    pub const RED: Self = Self(632);

    /// Its number in ROOT (`TAttFill::fFillColor`).
    pub fn index(self) -> u16 {
        self.0
    }
}

/// The beginnings of the wheel's sectors (`EColor` in `Rtypes.h`).
const SECTORS: [(&str, u16); 13] = [
    ("kWhite", 0),
    ("kBlack", 1),
    ("kGray", 920),
    ("kRed", 632),
    ("kGreen", 416),
    ("kBlue", 600),
    ("kYellow", 400),
    ("kMagenta", 616),
    ("kCyan", 432),
    ("kOrange", 800),
    ("kPink", 900),
    ("kAzure", 860),
    ("kViolet", 880),
];

impl TryFrom<String> for RootColour {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let split = name.find(['+', '-']).unwrap_or(name.len());
        let (sector, shade) = name.split_at_checked(split).unwrap_or((&name, ""));
        let start = SECTORS.iter().find(|(known, _)| *known == sector);
        let shade = if shade.is_empty() {
            Ok(0)
        } else {
            shade.parse::<i16>()
        };
        match (start, shade) {
            (Some((_, start)), Ok(shade)) if (-10..=10).contains(&shade) => start
                .checked_add_signed(shade)
                .map(Self)
                .ok_or_else(|| format!("no colour {name}")),
            _ => Err(format!("no colour {name}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbers() {
        let colour = |name: &str| RootColour::try_from(name.to_owned()).map(RootColour::index);
        assert_eq!(colour("kAzure+8"), Ok(868));
        assert_eq!(colour("kOrange-3"), Ok(797));
        assert_eq!(colour("kBlack"), Ok(1));
        for name in ["kMauve", "kRed+", "kRed+11", "kWhite-1", "868", ""] {
            assert!(colour(name).is_err(), "{name}");
        }
    }
}
