//! The parser of titles: recursive descent, of bounded depth, that accepts any text.

use super::symbols::{longest, subscript, superscript};
use super::{Change, Node};

/// Groups within groups beyond this depth are shown as they stand: the title comes from a file.
const MAX_DEPTH: usize = 12;

/// What may follow `#left` and `#right`.
const BRACKETS: [char; 5] = ['(', ')', '[', ']', '|'];

/// Parses a title.
pub(crate) fn parse(title: &str) -> Vec<Node> {
    let mut parser = Parser { rest: title };
    let mut nodes = Vec::new();
    parser.sequence(&mut nodes, 0);
    // A closing brace without an opening one ends a sequence early: it stands for itself.
    while parser.take("}") {
        push_text(&mut nodes, "}");
        parser.sequence(&mut nodes, 0);
    }
    nodes
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    /// Consumes `token` if it comes next.
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Adds everything up to the group's closing brace, or the end.
    fn sequence(&mut self, nodes: &mut Vec<Node>, depth: usize) {
        while let Some(character) = self.rest.chars().next() {
            if character == '}' {
                break;
            }
            if depth >= MAX_DEPTH || !self.construct(nodes, depth) {
                self.take(character.encode_utf8(&mut [0; 4]));
                push_character(nodes, character);
            }
        }
    }

    /// Reads a script, group or command, if one comes next.
    fn construct(&mut self, nodes: &mut Vec<Node>, depth: usize) -> bool {
        if self.take("_{") {
            let sub = self.script(depth);
            push_script(nodes, None, Some(sub));
        } else if self.take("^{") {
            let sup = self.script(depth);
            push_script(nodes, Some(sup), None);
        } else if self.take("{") {
            let inner = self.group(depth);
            nodes.push(Node::Styled(Change::None, inner));
        } else if self.rest.starts_with('#') {
            return self.command(nodes, depth);
        } else {
            return false;
        }
        true
    }

    /// The inside of a group whose opening brace is consumed; a missing closing one is forgiven.
    fn group(&mut self, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        self.sequence(&mut nodes, depth + 1);
        self.take("}");
        nodes
    }

    /// The inside of a script, of which a leading hyphen is a minus: `fb^{-1}`.
    fn script(&mut self, depth: usize) -> Vec<Node> {
        let mut nodes = self.group(depth);
        if let Some(Node::Text(text)) = nodes.first_mut()
            && let Some(rest) = text.strip_prefix('-')
        {
            *text = format!("−{rest}");
        }
        nodes
    }

    /// Reads `#name…`; leaves everything in place where the name is unknown.
    fn command(&mut self, nodes: &mut Vec<Node>, depth: usize) -> bool {
        let before = self.rest;
        self.take("#");
        let known = self.operator(nodes, depth) || self.symbol(nodes);
        if !known {
            self.rest = before;
        }
        known
    }

    /// A command with arguments in braces.
    fn operator(&mut self, nodes: &mut Vec<Node>, depth: usize) -> bool {
        let Some((name, option)) = self.operator_name() else {
            return false;
        };
        let node = match name {
            "sqrt" => Node::Sqrt(self.group(depth)),
            "bar" | "overline" | "tilde" => Node::Bar(self.group(depth)),
            "it" => Node::Styled(Change::Italic, self.group(depth)),
            "bf" => Node::Styled(Change::Bold, self.group(depth)),
            "font" => Node::Styled(font(option), self.group(depth)),
            "scale" => Node::Styled(scale(option), self.group(depth)),
            "color" | "kern" | "lower" => Node::Styled(Change::None, self.group(depth)),
            "frac" => {
                let numerator = self.group(depth);
                let denominator = if self.take("{") {
                    self.group(depth)
                } else {
                    Vec::new()
                };
                Node::Fraction(numerator, denominator)
            }
            _ => return false,
        };
        nodes.push(node);
        true
    }

    /// `name{` or `name[option]{`, consumed if it is there.
    fn operator_name(&mut self) -> Option<(&'a str, &'a str)> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic())?;
        let (name, behind) = self.rest.split_at_checked(end)?;
        let (option, behind) = match behind.strip_prefix('[') {
            Some(bracket) => bracket.split_once(']')?,
            None => ("", behind),
        };
        self.rest = behind.strip_prefix('{')?;
        Some((name, option))
    }

    /// A character by name, or a bracket `#left(`, `#right)`.
    fn symbol(&mut self, nodes: &mut Vec<Node>) -> bool {
        let behind = ["left", "right"]
            .iter()
            .find_map(|name| self.rest.strip_prefix(name));
        if let Some(behind) = behind.filter(|text| text.starts_with(BRACKETS)) {
            // The bracket itself is read as plain text.
            self.rest = behind;
            return true;
        }
        let Some((name, character)) = longest(self.rest) else {
            return false;
        };
        self.take(name);
        push_text(nodes, character);
        true
    }
}

/// ROOT font numbers are ten times the face plus the precision (class `TAttText`): 1 Times italic,
/// 2 bold, 3 both; 5 and 7 are the slanted Helveticas, 6 and 7 the bold ones.
fn font(number: &str) -> Change {
    let face = number.trim().parse::<u32>().unwrap_or(42) / 10;
    Change::Font {
        bold: matches!(face, 2 | 3 | 6 | 7),
        italic: matches!(face, 1 | 3 | 5 | 7),
    }
}

fn scale(factor: &str) -> Change {
    let factor = factor
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|factor| factor.is_finite());
    Change::Scale(factor.unwrap_or(1.0).clamp(0.2, 3.0))
}

fn push_text(nodes: &mut Vec<Node>, text: &str) {
    match nodes.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => nodes.push(Node::Text(text.to_owned())),
    }
}

fn push_character(nodes: &mut Vec<Node>, character: char) {
    if let Some(plain) = superscript(character) {
        push_script_character(nodes, plain, true);
    } else if let Some(plain) = subscript(character) {
        push_script_character(nodes, plain, false);
    } else {
        // Control characters have no place in a title, nor in XML.
        let shown = if character.is_control() {
            ' '
        } else {
            character
        };
        push_text(nodes, shown.encode_utf8(&mut [0; 4]));
    }
}

/// Adds a character to the script before it, or begins one.
fn push_script_character(nodes: &mut Vec<Node>, character: char, raised: bool) {
    let last = match nodes.last_mut() {
        Some(Node::Script {
            sup: Some(script), ..
        }) if raised => Some(script),
        Some(Node::Script {
            sub: Some(script), ..
        }) if !raised => Some(script),
        _ => None,
    };
    let text = String::from(character);
    match last {
        Some(script) => push_text(script, &text),
        None if raised => push_script(nodes, Some(vec![Node::Text(text)]), None),
        None => push_script(nodes, None, Some(vec![Node::Text(text)])),
    }
}

/// Adds a script, above or below one of the other kind that precedes it.
fn push_script(nodes: &mut Vec<Node>, sup: Option<Vec<Node>>, sub: Option<Vec<Node>>) {
    match nodes.last_mut() {
        Some(Node::Script {
            sup: above @ None, ..
        }) if sup.is_some() => *above = sup,
        Some(Node::Script {
            sub: below @ None, ..
        }) if sub.is_some() => *below = sub,
        _ => nodes.push(Node::Script { sup, sub }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn sup(nodes: Vec<Node>) -> Node {
        Node::Script {
            sup: Some(nodes),
            sub: None,
        }
    }

    fn sub(nodes: Vec<Node>) -> Node {
        Node::Script {
            sup: None,
            sub: Some(nodes),
        }
    }

    #[test]
    fn scripts_are_attached_in_order() {
        assert_eq!(
            parse("m_{4l} [GeV]"),
            [text("m"), sub(vec![text("4l")]), text(" [GeV]")]
        );
        assert_eq!(parse("fb^{-1}"), [text("fb"), sup(vec![text("−1")])]);
        assert_eq!(parse("N^{b-jets}"), [text("N"), sup(vec![text("b-jets")])]);
        assert_eq!(parse("10^{3}"), [text("10"), sup(vec![text("3")])]);
    }

    #[test]
    fn two_scripts_stand_above_each_other() {
        let both = Node::Script {
            sup: Some(vec![text("all lep")]),
            sub: Some(vec![text("T")]),
        };
        assert_eq!(parse("p_{T}^{all lep}"), [text("p"), both.clone()]);
        assert_eq!(parse("p^{all lep}_{T}"), [text("p"), both]);
    }

    #[test]
    fn greek_letters_join_their_text() {
        assert_eq!(
            parse("m_{#gamma#gamma}"),
            [text("m"), sub(vec![text("γγ")])]
        );
        assert_eq!(parse("#Delta#phi (ll)"), [text("Δφ (ll)")]);
        assert_eq!(parse("#etab"), [text("ηb")]);
    }

    #[test]
    fn a_script_without_braces_is_text() {
        assert_eq!(parse("goodjet_n^2"), [text("goodjet_n^2")]);
    }

    #[test]
    fn operators_take_groups() {
        assert_eq!(
            parse("#sqrt{s} = 13"),
            [Node::Sqrt(vec![text("s")]), text(" = 13")]
        );
        assert_eq!(parse("t#bar{t}"), [text("t"), Node::Bar(vec![text("t")])]);
        assert_eq!(
            parse("#frac{1}{N}"),
            [Node::Fraction(vec![text("1")], vec![text("N")])]
        );
        assert_eq!(
            parse("#font[72]{ATLAS}"),
            [Node::Styled(
                Change::Font {
                    bold: true,
                    italic: true
                },
                vec![text("ATLAS")]
            )]
        );
        assert_eq!(
            parse("#scale[0.5]{#it{m}}"),
            [Node::Styled(
                Change::Scale(0.5),
                vec![Node::Styled(Change::Italic, vec![text("m")])]
            )]
        );
    }

    #[test]
    fn unicode_scripts_are_scripts() {
        assert_eq!(parse("fb⁻¹"), [text("fb"), sup(vec![text("−1")])]);
    }

    #[test]
    fn what_is_unknown_or_unbalanced_is_shown() {
        assert_eq!(parse("#unknown"), [text("#unknown")]);
        assert_eq!(parse("a}b"), [text("a}b")]);
        assert_eq!(parse("x^{2"), [text("x"), sup(vec![text("2")])]);
        assert_eq!(parse("100 #"), [text("100 #")]);
    }

    #[test]
    fn brackets_of_root_are_plain() {
        assert_eq!(parse("#left(x#right)"), [text("(x)")]);
        assert_eq!(parse("H #rightarrow ZZ"), [text("H → ZZ")]);
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(parse("a\u{0}\nb"), [text("a  b")]);
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let title = "^{".repeat(100_000);
        assert_eq!(parse(&title).len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_accepted(title in "[#^_{}\\[\\]a-zA-Z0-9 ⁻¹é]{0,60}") {
            let nodes = parse(&title);
            prop_assert!(title.is_empty() == nodes.is_empty() || title.starts_with("#"));
        }
    }
}
