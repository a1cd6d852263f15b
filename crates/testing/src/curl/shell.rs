//! As much of a shell as printed commands need: words, quotes, backslashes, and where a command ends.

use std::iter::Peekable;
use std::str::Chars;

/// The arguments of every command in `text` that starts a line with the program's name.
pub(super) fn commands(text: &str, program: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let arguments = rest.strip_prefix(program).filter(|tail| tail.starts_with([' ', '\t']));
        if let Some(tail) = arguments {
            let (words, left) = words(tail);
            commands.push(words);
            rest = left;
        } else {
            rest = rest.split_once('\n').map_or("", |(_, next)| next);
        }
    }
    commands
}

/// The words up to the line break that ends the command, and what follows it.
fn words(text: &str) -> (Vec<String>, &str) {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars().peekable();
    let mut left = "";
    while let Some(char) = chars.next() {
        match char {
            '\n' => {
                left = &text[text.len() - chars.collect::<String>().len()..];
                break;
            }
            ' ' | '\t' | '\r' => words.extend(word.take()),
            '\\' => match chars.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            '\'' => word.get_or_insert_default().extend(chars.by_ref().take_while(|char| *char != '\'')),
            '"' => double_quoted(&mut chars, word.get_or_insert_default()),
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    (words, left)
}

fn double_quoted(chars: &mut Peekable<Chars<'_>>, word: &mut String) {
    while let Some(char) = chars.next() {
        match char {
            '"' => return,
            '\\' if chars.next_if_eq(&'\n').is_some() => {}
            '\\' => word.push(chars.next_if(|char| "\"\\$`".contains(*char)).unwrap_or('\\')),
            plain => word.push(plain),
        }
    }
}
