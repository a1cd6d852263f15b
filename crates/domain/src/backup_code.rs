//! Backup codes, which take the place of a one-time password that is out of reach (R30).
//!
//! A code has 120 bits, in 24 characters of Crockford's base32. So it cannot be guessed even by who has its hash, and the
//! stored hash can be fast: one indexed statement finds and removes a code. With fewer bits each try would cost an argon2
//! hash. It never has six digits, so it cannot be taken for a one-time password.

use std::{fmt, sync::LazyLock};

use data_encoding::{Encoding, Specification};
use zeroize::Zeroizing;

use crate::typed::is_blank_or_dash;

/// Bytes of randomness in a code.
pub const BACKUP_CODE_BYTES: usize = 15;
const SYMBOLS: usize = 24;
const GROUP: usize = 4;

/// Crockford's base32: no `I`, `L`, `O` and `U`. What looks like another character is read as that one.
static CROCKFORD: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut crockford = Specification::new();
    crockford.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    crockford.translate.from.push_str("abcdefghjkmnpqrstvwxyzoOiIlL");
    crockford.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ001111");
    crockford.encoding().ok()
});

/// A backup code. `Debug` is masked, the memory is wiped.
#[derive(Clone)]
pub struct BackupCode(Zeroizing<[u8; BACKUP_CODE_BYTES]>);

impl BackupCode {
    /// A code of random bytes.
    pub fn from_random(bytes: [u8; BACKUP_CODE_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads what was typed or pasted, whatever the case, without blanks and dashes.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut symbols = Zeroizing::new(String::with_capacity(SYMBOLS));
        for c in typed.chars().filter(|c| !is_blank_or_dash(*c)) {
            if symbols.len() == SYMBOLS || !c.is_ascii() {
                return None;
            }
            symbols.push(c);
        }
        let bytes = Zeroizing::new(CROCKFORD.as_ref()?.decode(symbols.as_bytes()).ok()?);
        bytes.as_slice().try_into().ok().map(Self::from_random)
    }

    /// The bytes, for the MAC that is stored.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The code for its owner: groups of four characters.
    pub fn to_text(&self) -> Zeroizing<String> {
        let symbols = CROCKFORD.as_ref().map(|crockford| Zeroizing::new(crockford.encode(self.as_bytes())));
        let mut text = Zeroizing::new(String::with_capacity(SYMBOLS + SYMBOLS / GROUP));
        for (at, c) in symbols.iter().flat_map(|symbols| symbols.chars()).enumerate() {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(c);
        }
        text
    }
}

impl fmt::Debug for BackupCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupCode(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn r30_a_code_reads_back_however_it_is_typed() {
        let code = BackupCode::from_random([0, 1, 2, 3, 4, 5, 6, 7, 8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe]);
        let text = code.to_text();
        assert_eq!(*text, "000G-40R4-0M30-E27S-ZBXZ-SZFY");
        let lower = text.to_lowercase().replace('0', "o").replace('-', " ");
        for typed in [text.to_string(), lower, text.replace('-', ""), format!(" {}\n", *text)] {
            assert_eq!(BackupCode::parse(&typed).unwrap().as_bytes(), code.as_bytes(), "{typed}");
        }
        assert_eq!(format!("{code:?}"), "BackupCode(***)");
    }

    #[test]
    fn r30_no_one_time_password_is_a_backup_code_and_no_backup_code_is_one() {
        for typed in ["", "123456", "000G-40R4", "000G-40R4-0M30-E27S-ZBXZ-SZFYZ", "000G-40R4-0M30-E27S-Z7XF-SZFU", "é"]
        {
            assert!(BackupCode::parse(typed).is_none(), "{typed}");
        }
        assert!(Code::parse(&"0".repeat(SYMBOLS)).is_none());
    }
}
