//! The range of a `Float16_t` or `Double32_t`, in the comment beside a member or in a leaf's title.

use std::f64::consts::PI;

/// What a comment says of how a short float is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Range {
    /// A share of a range in whole steps.
    Steps {
        /// The lower end of the range.
        minimum: f64,
        /// The number of steps over the range's length.
        factor: f64,
    },
    /// A float whose mantissa is cut to so many bits.
    Bits(u8),
}

impl Range {
    /// `[minimum, maximum, bits]` in `comment`, as `GetRange` of `TStreamerElement.cxx` reads it:
    /// the first brackets, or the second where the first have no comma in them and so give a
    /// dimension. What is no number counts as none was there.
    pub(super) fn parse(comment: &str) -> Option<Self> {
        let (first, rest) = brackets(comment)?;
        let inside = if first.contains(',') {
            first
        } else {
            brackets(rest)?.0
        };
        let (minimum, rest) = inside.split_once(',')?;
        let (maximum, bits) = match rest.split_once(',') {
            Some((maximum, bits)) => (maximum, leading_integer(bits)),
            None => (rest, None),
        };
        let (minimum, maximum) = (bound(minimum), bound(maximum));
        let bits = bits.filter(|bits| (2..=32).contains(bits)).unwrap_or(32);
        if minimum < maximum {
            // 2³² steps do not fit the 32 bits that ROOT counts them in.
            let steps = 1u32.checked_shl(bits).unwrap_or(u32::MAX);
            let factor = f64::from(steps) / (maximum - minimum);
            return Some(Self::Steps { minimum, factor });
        }
        // ROOT keeps the number of bits in place of the lower end, and so takes for it what is
        // there when it had nothing to keep.
        let bits = if bits < 15 {
            f64::from(bits)
        } else {
            minimum.trunc()
        };
        (1..=22)
            .find(|&whole| f64::from(whole) == bits)
            .map(Self::Bits)
    }
}

/// What the first brackets hold, and what follows their content.
fn brackets(text: &str) -> Option<(&str, &str)> {
    text.split_once('[')?.1.split_once(']')
}

/// An end of a range: a number, or one of the multiples of π that ROOT knows by name.
fn bound(text: &str) -> f64 {
    let text: String = text
        .chars()
        .filter(|&c| c != ' ')
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let names = [
        ("2pi", 2.0 * PI),
        ("2*pi", 2.0 * PI),
        ("twopi", 2.0 * PI),
        ("pi/2", PI / 2.0),
        ("pi/4", PI / 4.0),
        ("pi", PI),
    ];
    match names.iter().find(|(name, _)| text.contains(name)) {
        Some((_, size)) if text.contains('-') => -size,
        Some((_, size)) => *size,
        None => leading_number(&text),
    }
}

/// The number that a text begins with, as `scanf` takes it.
fn leading_number(text: &str) -> f64 {
    let byte = |place: usize| text.as_bytes().get(place).copied();
    let behind_sign = |place| place + usize::from(matches!(byte(place), Some(b'+' | b'-')));
    let behind_digits = |place| {
        let digits = text.bytes().skip(place);
        place + digits.take_while(u8::is_ascii_digit).count()
    };
    let mut end = behind_digits(behind_sign(0));
    if byte(end) == Some(b'.') {
        end = behind_digits(end + 1);
    }
    if byte(end) == Some(b'e') {
        let exponent = behind_sign(end + 1);
        let behind = behind_digits(exponent);
        if behind > exponent {
            end = behind;
        }
    }
    let number = text.get(..end).map(str::parse);
    number.and_then(Result::ok).unwrap_or(0.0)
}

/// The whole number that a text begins with, as `scanf` takes it.
fn leading_integer(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let text = text.strip_prefix('+').unwrap_or(text);
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Factor and lower end of a `Double32_t`'s `TStreamerElement` in ROOT 6.40.
    #[test]
    fn comments_are_read_as_root_reads_them() {
        let steps = |minimum, factor| Some(Range::Steps { minimum, factor });
        for (comment, range) in [
            ("[0,1,8]", steps(0.0, 256.0)),
            ("x [n] y [0,1] z", steps(0.0, 4_294_967_295.0)),
            ("[3][4][0,1]", None),
            ("[ -PI , 2 * PI, 12]", steps(-PI, 434.599_097_936_268_9)),
            ("[0, 2*pi/4]", steps(0.0, 683_565_275.417_276_6)),
            ("[0,10a,8]", steps(0.0, 25.6)),
            ("[0,.5e1,31]", steps(0.0, 429_496_729.6)),
            ("[0,1.5e.2]", steps(0.0, 2_863_311_530.0)),
            ("[a,1]", steps(0.0, 4_294_967_295.0)),
            ("[0,1,33]", steps(0.0, 4_294_967_295.0)),
            ("[0,1,1]", steps(0.0, 4_294_967_295.0)),
            ("[0,1,]", steps(0.0, 4_294_967_295.0)),
            ("[0,1,8.5]", steps(0.0, 256.0)),
            ("(x,y) [0,1 ], [1,2,3]", steps(0.0, 4_294_967_295.0)),
            ("[5,5,20]", Some(Range::Bits(5))),
            ("[5,5,10]", Some(Range::Bits(10))),
            ("[1,0]", Some(Range::Bits(1))),
            ("[-1,-1]", None),
            ("[0,0,14]", Some(Range::Bits(14))),
            ("[0,0,15]", None),
            ("in [GeV, measured]", None),
            ("], [", None),
            ("", None),
        ] {
            assert_eq!(Range::parse(comment), range, "{comment}");
        }
    }
}
