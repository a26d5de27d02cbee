//! Titles as plain text, for tables and web pages.

use super::{Node, parse};

/// A title in ROOT's LaTeX as plain Unicode: `t#bar{t}` is t̄ behind t, `10 fb^{-1}` is 10 fb⁻¹.
/// Scripts without signs of their own stand on the line.
pub fn plain_text(title: &str) -> String {
    let mut text = String::new();
    sequence(&mut text, &parse(title));
    text
}

fn sequence(text: &mut String, nodes: &[Node]) {
    for node in nodes {
        match node {
            Node::Text(plain) => text.push_str(plain),
            Node::Script { sup, sub } => {
                let mut script = |nodes: &Option<Vec<Node>>, signs: &[(char, char)]| {
                    let mut plain = String::new();
                    sequence(&mut plain, nodes.as_deref().unwrap_or_default());
                    text.push_str(&raised(&plain, signs));
                };
                script(sub, &LOWERED);
                script(sup, &RAISED);
            }
            Node::Sqrt(inner) => {
                text.push('√');
                sequence(text, inner);
            }
            Node::Bar(inner) => {
                let mut plain = String::new();
                sequence(&mut plain, inner);
                // A combining macron behind each character.
                text.extend(plain.chars().flat_map(|character| [character, '\u{304}']));
            }
            Node::Fraction(above, below) => {
                sequence(text, above);
                text.push('/');
                sequence(text, below);
            }
            Node::Styled(_, inner) => sequence(text, inner),
        }
    }
}

const RAISED: [(char, char); 12] = [
    ('0', '⁰'),
    ('1', '¹'),
    ('2', '²'),
    ('3', '³'),
    ('4', '⁴'),
    ('5', '⁵'),
    ('6', '⁶'),
    ('7', '⁷'),
    ('8', '⁸'),
    ('9', '⁹'),
    ('+', '⁺'),
    ('−', '⁻'),
];

const LOWERED: [(char, char); 10] = [
    ('0', '₀'),
    ('1', '₁'),
    ('2', '₂'),
    ('3', '₃'),
    ('4', '₄'),
    ('5', '₅'),
    ('6', '₆'),
    ('7', '₇'),
    ('8', '₈'),
    ('9', '₉'),
];

/// A script in signs of its own, if there is one for every character.
fn raised(plain: &str, signs: &[(char, char)]) -> String {
    let sign = |character: char| {
        let minus = if character == '-' { '−' } else { character };
        let found = signs.iter().find(|(plain, _)| *plain == minus);
        found.map(|(_, sign)| *sign)
    };
    let signs: Option<String> = plain.chars().map(sign).collect();
    signs.unwrap_or_else(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_read_as_they_are_drawn() {
        for (title, plain) in [
            ("#sqrt{s} = 13 TeV, 10 fb^{-1}", "√s = 13 TeV, 10 fb⁻¹"),
            ("t#bar{t}", "tt\u{304}"),
            ("Z #rightarrow l^{+}l^{-}", "Z → l⁺l⁻"),
            ("m_{4l} [GeV]", "m4l [GeV]"),
            ("m_{12}", "m₁₂"),
            ("#frac{a}{b} #it{for}", "a/b for"),
        ] {
            assert_eq!(plain_text(title), plain);
        }
    }
}
