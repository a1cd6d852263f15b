//! Values inside of a text. A value that is written in the other direction would take neighbouring signs along: in
//! `Hello שרה, your …` the comma. So it is isolated (UAX 9), in HTML by an element, in plain text by two characters
//! without width. Those are nowhere else, because whoever copies the value copies them too.

use crate::Direction;

/// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
const ISOLATE: char = '\u{2068}';
const POP: char = '\u{2069}';

/// Whether a value has to be isolated in a text: from right to left every one, because most are names, numbers and
/// addresses in Latin letters; from left to right those with letters that are written from right to left.
pub(crate) fn needs_isolation(value: &str, text: Direction) -> bool {
    text == Direction::RightToLeft && !value.is_empty() || value.chars().any(is_right_to_left)
}

/// The value between the characters that isolate it.
pub(crate) fn isolated(value: &str) -> String {
    format!("{ISOLATE}{value}{POP}")
}

/// The value without characters that change the direction of what comes after it.
pub(crate) fn without_controls(value: &str) -> String {
    value.replace(|char| matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'), "")
}

/// Letters of the scripts that are written from right to left, and the marks that stand for one.
fn is_right_to_left(char: char) -> bool {
    matches!(char,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_the_other_direction_are_isolated_and_no_others() {
        use Direction::{LeftToRight, RightToLeft};
        for (value, text, expected) in [
            ("Jane", LeftToRight, false),
            ("山田", LeftToRight, false),
            ("שרה", LeftToRight, true),
            ("محمد (Mo)", LeftToRight, true),
            ("Jane", RightToLeft, true),
            ("12345678", RightToLeft, true),
            ("", RightToLeft, false),
        ] {
            assert_eq!(needs_isolation(value, text), expected, "{value}");
        }
        assert_eq!(without_controls("a\u{202e}b\u{2069}c"), "abc");
    }
}
