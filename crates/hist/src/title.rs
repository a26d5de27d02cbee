//! The one string that holds a histogram's title and those of its axes.

/// A histogram's own title and those of its axes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Titles {
    pub(crate) own: String,
    pub(crate) x: String,
    pub(crate) y: String,
}

impl Titles {
    /// Splits `own;x;y` as `TH1::SetTitle` does: blanks are kept, `#;` stands for a semicolon, and
    /// what a one-dimensional histogram has no use for (a z title) is dropped.
    pub(crate) fn parse(title: &str) -> Self {
        let mut parts = vec![String::new()];
        let mut characters = title.chars().peekable();
        while let Some(character) = characters.next() {
            let escaped = character == '#' && characters.next_if_eq(&';').is_some();
            match parts.last_mut() {
                Some(part) if escaped => part.push(';'),
                Some(part) if character != ';' => part.push(character),
                _ => parts.push(String::new()),
            }
        }
        let mut parts = parts.into_iter();
        let mut next = || parts.next().unwrap_or_default();
        Self {
            own: next(),
            x: next(),
            y: next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(title: &str) -> [String; 3] {
        let Titles { own, x, y } = Titles::parse(title);
        [own, x, y]
    }

    #[test]
    fn blanks_are_kept() {
        assert_eq!(
            parts(" Leptons Charge; Q^{all lep}; Leptons / bin"),
            [" Leptons Charge", " Q^{all lep}", " Leptons / bin"]
        );
    }

    #[test]
    fn missing_titles_are_empty_and_a_z_title_is_dropped() {
        assert_eq!(parts("alone"), ["alone", "", ""]);
        assert_eq!(parts("a;b"), ["a", "b", ""]);
        assert_eq!(parts("a;b;c;d"), ["a", "b", "c"]);
        assert_eq!(parts(""), ["", "", ""]);
    }

    #[test]
    fn an_escaped_semicolon_does_not_split() {
        assert_eq!(parts("a#;b;#eta"), ["a;b", "#eta", ""]);
    }
}
