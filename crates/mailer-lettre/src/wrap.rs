//! Lines of a text, by columns: a letter takes one, a Chinese or Japanese character two.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Greatest width of a line in a text, in columns (RFC 3676 section 4.2 recommends up to 78).
pub(crate) const WIDTH: usize = 72;

/// Characters that no line begins with, and those that no line ends with, where words have no spaces between them.
const NOT_FIRST: &str = "、。，．：；！？」』）】〉》”’・ー々っッゃャゅュょョ…),.:;!?%";
const NOT_LAST: &str = "「『（【〈《“‘(";

/// The text with its paragraphs in lines of at most [`WIDTH`] columns. A longer word, such as a link, is a line.
pub(crate) fn wrapped(text: &str) -> String {
    text.split("\n\n").map(|paragraph| lines(paragraph).join("\n")).collect::<Vec<_>>().join("\n\n")
}

fn lines(paragraph: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in paragraph.split_ascii_whitespace() {
        let mut space = " ";
        for piece in pieces(word) {
            match lines.last_mut() {
                Some(line) if line.width() + space.len() + piece.width() <= WIDTH => {
                    line.push_str(space);
                    line.push_str(piece);
                }
                _ => lines.push(piece.to_owned()),
            }
            space = "";
        }
    }
    lines
}

/// The parts of a word between which a line may end: before and after every wide character, except where a line must not
/// begin or end.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let pairs = word.char_indices().zip(word.chars().skip(1));
    for ((index, before), after) in pairs {
        let is_wide = before.width() == Some(2) || after.width() == Some(2);
        if is_wide && !NOT_FIRST.contains(after) && !NOT_LAST.contains(before) {
            let end = index + before.len_utf8();
            pieces.push(&word[start..end]);
            start = end;
        }
    }
    pieces.push(&word[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_stay_and_long_words_are_lines() {
        assert_eq!(wrapped("a\nb\n\nhttps://x.example/y"), "a b\n\nhttps://x.example/y");
        let link = format!("https://x.example/{}", "y".repeat(80));
        assert_eq!(wrapped(&format!("Open {link} now")), format!("Open\n{link}\nnow"));
    }

    #[test]
    fn wide_characters_take_two_columns_and_need_no_spaces() {
        let text = wrapped(&format!("{}。{}", "確".repeat(35), "認".repeat(40)));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines, [format!("{}。", "確".repeat(35)), "認".repeat(36), "認".repeat(4)]);
        let text = wrapped(&format!("{}。", "確".repeat(36)));
        assert_eq!(text.lines().nth(1), Some("確。"), "no line begins with a full stop");
        let text = wrapped(&format!("{}「認", "確".repeat(35)));
        assert_eq!(text.lines().nth(1), Some("「認"), "no line ends with an opening mark");
    }
}
