//! Passwords that are long and still guessed first: common ones, phrases, keyboard walks, and words that belong to the user
//! or the service (R18). The check is cheaper than the estimate of strength.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// Common passwords and phrases of which longer ones are made: lower case, letters and digits only.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Refused only without spaces; with spaces it is the example in the documentation.
const COMMON_JOINED: &str = "correcthorsebatterystaple";

/// Words of which common passwords are made. They count as little as words of the context.
const COMMON_WORDS: [&str; 40] = [
    "password",
    "passw0rd",
    "passwort",
    "wachtwoord",
    "motdepasse",
    "contrasena",
    "senha",
    "parola",
    "iloveyou",
    "letmein",
    "welcome",
    "login",
    "admin",
    "administrator",
    "secret",
    "changeme",
    "trustno1",
    "qwerty",
    "azerty",
    "qwertz",
    "football",
    "baseball",
    "basketball",
    "superman",
    "batman",
    "pokemon",
    "starwars",
    "princess",
    "sunshine",
    "dragon",
    "monkey",
    "master",
    "shadow",
    "whatever",
    "chocolate",
    "butterfly",
    "liverpool",
    "chelsea",
    "jesuschrist",
    "hello",
];

/// Letters of a context word below which it is no word.
const LEAST_WORD: usize = 3;

/// Characters of a walk over the keyboard or the alphabet below which it is part of a word.
const LEAST_WALK: usize = 4;

/// Why a password is easy to guess. What remains of it without context words must have `least_rest` characters.
pub(crate) fn reason(password: &str, context: &[&str], least_rest: usize) -> Option<&'static str> {
    let lower = password.nfkc().collect::<String>().to_lowercase();
    let forms = [plain(&lower), plain(&lower.chars().map(meant).collect::<String>())];
    if forms.iter().any(|form| is_common(form)) || lower.trim_matches(|c: char| !c.is_alphabetic()) == COMMON_JOINED {
        return Some("This is a commonly used password.");
    }
    if STRIDES.into_iter().any(|stride| is_walk(&lower, stride)) {
        return Some("Neighbouring keys and sequences are easy to guess.");
    }
    let common = words(&COMMON_WORDS);
    if forms.iter().any(|form| is_made_of(form, &common, least_rest)) {
        return Some("It is made of commonly used passwords.");
    }
    let words = words(&[context, &COMMON_WORDS].concat());
    if forms.iter().any(|form| is_made_of(form, &words, least_rest)) {
        return Some("It is made of your name, your address or the name of this service.");
    }
    None
}

/// Letters and digits only.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The letter that a digit or sign is often typed for.
fn meant(c: char) -> char {
    match c {
        '4' | '@' => 'a',
        '3' => 'e',
        '1' | '!' | '|' => 'i',
        '0' => 'o',
        '5' | '$' => 's',
        '7' | '+' => 't',
        other => other,
    }
}

/// Whether it is a common password, perhaps several times, perhaps with digits around it.
fn is_common(form: &str) -> bool {
    let core = form.trim_matches(|c: char| c.is_ascii_digit());
    [form, core].into_iter().any(|text| COMMON.contains(text) || COMMON.contains(unit(text)))
}

/// The shortest text of which this one is repetitions, the last of which may be cut off.
fn unit(text: &str) -> &str {
    let chars: Vec<char> = text.chars().collect();
    let is_period = |period: &usize| chars.iter().skip(*period).eq(chars.iter().take(chars.len() - period));
    let period = (1..=chars.len() / 2).find(is_period).unwrap_or(chars.len());
    text.char_indices().nth(period).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Rows of a keyboard. A key's neighbours are beside it, above and below.
const ROWS: [&str; 4] = ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"];

/// From a character to the next one, or to a later one where several sequences alternate.
const STRIDES: [usize; 4] = [1, 2, 3, 4];

/// Whether two thirds of the steps from character to character, or from each to the one `stride` later, go to the same key,
/// to a neighbour, or to the next letter of the alphabet. In sentences it is a quarter.
fn is_walk(lower: &str, stride: usize) -> bool {
    let chars: Vec<char> = lower.chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = chars.iter().zip(chars.iter().skip(stride));
    let steps = pairs.clone().filter(|(one, other)| is_step(**one, **other)).count();
    steps > 0 && steps * 3 >= pairs.count() * 2
}

fn is_step(one: char, other: char) -> bool {
    let is_near = match (key(one), key(other)) {
        (Some((row, column)), Some((other_row, other_column))) => {
            row.abs_diff(other_row) <= 1 && column.abs_diff(other_column) <= 1
        }
        _ => one == other,
    };
    is_near || (one.is_alphanumeric() && u32::from(one).abs_diff(u32::from(other)) == 1)
}

fn key(c: char) -> Option<(usize, usize)> {
    ROWS.iter().enumerate().find_map(|(row, keys)| keys.chars().position(|key| key == c).map(|column| (row, column)))
}

/// The words of the context, and each backwards, the longest first.
fn words(context: &[&str]) -> Vec<String> {
    let lower: Vec<String> = context.iter().map(|text| text.nfkc().collect::<String>().to_lowercase()).collect();
    let parts = lower.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let wholes = lower.iter().map(|text| plain(text));
    let words = wholes.chain(parts.map(str::to_owned)).filter(|word| word.chars().count() >= LEAST_WORD);
    let mut words: Vec<String> = words.flat_map(|word| [word.chars().rev().collect(), word]).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    words
}

/// Whether too little remains when the words are taken out, wherever and as often as they occur. Of the rest, digits and
/// walks do not count.
fn is_made_of(form: &str, words: &[String], least_rest: usize) -> bool {
    let mut rest = form.to_owned();
    for word in words.iter().filter(|word| word.len() <= form.len()) {
        rest = rest.replace(word.as_str(), " ");
    }
    rest.contains(' ') && rest.split(' ').map(counted).sum::<usize>() < least_rest
}

/// The number of characters that belong neither to a number nor to a walk.
fn counted(text: &str) -> usize {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_numeric()).collect();
    let runs = chars.chunk_by(|one, other| is_step(*one, *other)).map(<[char]>::len);
    runs.filter(|run| *run < LEAST_WALK).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTEXT: [&str; 5] = ["Grace Hopper", "grace.hopper@navy.example", "Selfsame", "accounts.example.com", "Zoë"];

    fn is_guessed(password: &str) -> bool {
        reason(password, &CONTEXT, 7).is_some()
    }

    #[test]
    fn r18_common_passwords_phrases_and_keyboard_walks_are_guessed() {
        for password in [
            "thequickbrownfox",
            "The Quick Brown Fox",
            "the-quick-brown-fox-1",
            "correcthorsebatterystaple",
            "CorrectHorseBatteryStaple",
            "unitedstatesofamerica",
            "UnitedStatesOfAmerica2024",
            "liverpoolfootballclub",
            "L1v3rp00lF00tballClub",
            "passwordpassword",
            "harrypotterharrypotter",
            "iloveyouverymuch!",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "qazwsxedcrfvtgby",
            "zaq12wsxcde34rfv",
            "asdfghjkl;'asdfghjkl",
            "poiuytrewqlkjhgf",
            "abcdefghijklmnopq",
            "123456789012345",
            "98765432109876543",
            "aaaaaaaaaaaaaaaa",
            "a1b2c3d4e5f6g7h8",
            "1a2b3c4d5e6f7g8h9i",
            "a-1-b-2-c-3-d-4-",
            "a1!b2@c3#d4$e5%f6",
            "q1w2e3r4t5y6u7i8",
            "abcdefghijklmnop",
            "zyxwvutsrqponml",
            "abc123abc123abc123",
            "qwerty123qwerty123",
            "11223344556677889",
            "1111aaaa2222bbbb",
            "mypasswordmypassword",
            "MyPassword2024MyPassword",
            "Passw0rdPassw0rd!",
            "p@ssw0rdp@ssw0rd",
            "password12345678",
            "12345678password",
            "iloveyouiloveyou",
            "iloveyou12345678",
            "letmeinletmeinplease",
            "welcomewelcome2024",
            "AdminAdminAdmin1",
            "wachtwoordwachtwoord",
            "dragonmonkeydragon",
        ] {
            assert!(is_guessed(password), "{password}");
        }
    }

    #[test]
    fn r18_words_of_the_context_are_guessed_in_any_repetition_and_joining() {
        for password in [
            "gracehoppergrace",
            "Grace-Hopper-Grace-Hopper",
            "hopper.grace.1906",
            "selfsame-selfsame",
            "selfsameselfsame",
            "SelfsameSelfsame!!",
            "5elf5ame$elfsame",
            "gracehopper@selfsame",
            "grace.hopper@navy.example",
            "accountsexamplecom",
            "accounts.example.com",
            "emasflesemasfles",
            "zoëzoëzoëzoëzoë",
            "gracehopper1234567",
            "1234567gracehopper",
            "gracehopper19061206",
            "grace1906hopper1992",
            "gracehopperqwertyuiop",
            "gracehopperabcdefgh",
            "hopper-٠١٢٣٤٥٦٧٨٩",
            "gracepassword2024",
            "selfsamepassword",
            "Passwort-Selfsame-1",
        ] {
            assert!(is_guessed(password), "{password}");
        }
    }

    #[test]
    fn what_nobody_guesses_first_is_left_to_the_estimate() {
        for password in [
            "correct horse battery staple",
            "grace likes seven green elephants",
            "k3!vQz9pLm2#xWd8",
            "wer reitet so spät durch Nacht und Wind",
            "面白い猫が窓の外を見ている夜",
            "treetop puddle anchor",
            "grace4 puddle anchor treetop",
            "hello there my purple elephant",
            "my password is a purple elephant",
            "correct horse battery staple 9",
            "wereld trekt groene bloemen",
            "8391-7465-0281-7362",
            "tréfle quatre feuilles dans le pré",
        ] {
            assert!(!is_guessed(password), "{password}");
        }
    }

    #[test]
    fn the_list_is_in_the_form_in_which_it_is_looked_up() {
        for entry in COMMON.iter() {
            assert_eq!(plain(&entry.to_lowercase()), *entry);
        }
    }
}
