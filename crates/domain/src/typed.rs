//! Normalisation of typed or pasted short input: decimal digits of any script, ignorable characters.

use crate::text::is_invisible;

/// The digit zero of each script, ascending; the other nine follow it (general category `Nd`, Unicode 17).
const ZEROS: [u32; 77] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x10D40, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0, 0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0,
    0x11950, 0x11BF0, 0x11C50, 0x11D50, 0x11DA0, 0x11DE0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70,
    0x1CCF0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// The ASCII digit that a decimal digit of any script stands for.
pub(crate) fn decimal_digit(c: char) -> Option<char> {
    let point = u32::from(c);
    let zero = ZEROS.get(ZEROS.partition_point(|zero| *zero <= point).checked_sub(1)?)?;
    char::from_digit(point - zero, 10)
}

/// Whether a character is a separator: white space, a dash, or an invisible character.
pub(crate) fn is_blank_or_dash(c: char) -> bool {
    c.is_whitespace()
        || is_invisible(c)
        || matches!(
            c,
            '-' | '\u{2010}'
                ..='\u{2015}'
                    | '\u{2043}'
                    | '\u{207B}'
                    | '\u{2212}'
                    | '\u{30FC}'
                    | '\u{FE58}'
                    | '\u{FE63}'
                    | '\u{FF0D}'
                    | '\u{FF70}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_digit_of_any_script_is_its_ascii_digit() {
        for digits in [
            "0123456789",
            "٠١٢٣٤٥٦٧٨٩",
            "۰۱۲۳۴۵۶۷۸۹",
            "०१२३४५६७८९",
            "০১২৩৪৫৬৭৮৯",
            "๐๑๒๓๔๕๖๗๘๙",
            "၀၁၂၃၄၅၆၇၈၉",
            "០១២៣៤៥៦៧៨៩",
            "０１２３４５６７８９",
            "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
            "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿",
            "𞥐𞥑𞥒𞥓𞥔𞥕𞥖𞥗𞥘𞥙",
            "🯰🯱🯲🯳🯴🯵🯶🯷🯸🯹",
        ] {
            assert_eq!(digits.chars().map(|c| decimal_digit(c).unwrap()).collect::<String>(), "0123456789");
        }
    }

    #[test]
    fn numbers_that_are_no_decimal_digits_are_none() {
        for c in "²½Ⅳ①一x/:\u{FF0F}\u{FF1A}\u{10FFFF}".chars() {
            assert_eq!(decimal_digit(c), None, "{c}");
        }
    }
}
