//! Phone numbers: each region's examples, and what people type.

use super::*;

/// Example numbers of libphonenumber: region, kind, E.164, national number with trunk prefix.
const EXAMPLES: &str = include_str!("../tests/phone_examples.txt");

fn examples() -> impl Iterator<Item = [&'static str; 4]> {
    EXAMPLES.lines().map(|line| line.split(' ').collect::<Vec<_>>().try_into().unwrap())
}

fn parsed(typed: &str) -> Result<String, Rule> {
    PhoneNumber::parse(typed).map(|number| number.0)
}

fn parsed_in(typed: &str, country: &str) -> Result<String, Rule> {
    PhoneNumber::parse_in(typed, Some(country)).map(|number| number.0)
}

#[test]
fn the_examples_of_all_regions_stay_as_they_are() {
    assert_eq!(examples().count(), 489);
    for [region, kind, e164, _] in examples() {
        assert_eq!(parsed(e164).as_deref(), Ok(e164), "{region} {kind}");
    }
}

#[test]
fn the_examples_are_read_as_national_numbers_of_their_region_and_of_their_dialling_code() {
    for [region, kind, e164, national] in examples() {
        assert_eq!(parsed_in(national, region).as_deref(), Ok(e164), "{region} {kind}");
        let code = PhoneNumber::dialling_code(e164);
        let bare = e164.strip_prefix(&code).unwrap();
        assert_eq!(parsed_in(bare, &code).as_deref(), Ok(e164), "{region} {kind} {code} {bare}");
    }
}

#[test]
fn digits_too_many_are_refused_or_part_of_the_number_and_never_cut_off() {
    for [region, kind, e164, _] in examples() {
        for extra in ["0", "5", "55", "123", "9999"] {
            let typed = format!("{e164}{extra}");
            // At most the trunk prefix goes, as in Gabon's 0.
            if let Ok(stored) = parsed(&typed) {
                let national = stored.strip_prefix(&PhoneNumber::dialling_code(e164)).unwrap();
                assert!(typed.ends_with(national), "{region} {kind}: {typed} as {stored}");
            }
        }
    }
    for typed in ["+3161234567855", "+336123456789", "+165025300001", "+4479111234567", "+31612345678901234567"] {
        assert_eq!(parsed(typed), Err(Rule::Malformed), "{typed}");
    }
}

#[test]
fn a_number_that_begins_like_a_trunk_prefix_keeps_its_digits() {
    for (typed, e164) in [
        ("+7 812 123 45 67", "+78121234567"),
        ("+7 800 555 35 35", "+78005553535"),
        ("+7 843 123 45 67", "+78431234567"),
        ("+375 800 1234567", "+3758001234567"),
        ("+370 800 12345", "+37080012345"),
        ("+39 02 3661 8300", "+390236618300"),
        ("+44 (0)20 7183 8750", "+442071838750"),
        ("+31 (0) 6 12345678", "+31612345678"),
        ("+221 30 123 45 67", "+221301234567"),
        ("+800 1234 5678", "+80012345678"),
        ("+7 861 123 45 67", "+78611234567"),
        ("+7 831 123-45-67", "+78311234567"),
        ("+7 701 123 45 67", "+77011234567"),
        ("+370 8001 2345", "+37080012345"),
        ("+36 06 1 234 5678", "+3612345678"),
        ("+378 0549 886377", "+3780549886377"),
        ("+225 01 23 45 67 89", "+2250123456789"),
        ("+49 (0)30 123456", "+4930123456"),
        ("+91 098765 43210", "+919876543210"),
    ] {
        assert_eq!(parsed(typed).as_deref(), Ok(e164), "{typed}");
    }
}

#[test]
fn a_national_number_may_repeat_the_dialling_code_or_the_trunk_prefix() {
    for (typed, country, e164) in [
        ("1 650 253 0000", "+1", "+16502530000"),
        ("650 253 0000", "1", "+16502530000"),
        ("31 6 12345678", "+31", "+31612345678"),
        ("0031 6 12345678", "+31", "+31612345678"),
        ("612345678", "+31", "+31612345678"),
        ("06 12345678", "nl", "+31612345678"),
        ("8 812 123 45 67", "+7", "+78121234567"),
        ("812 123 45 67", "+7", "+78121234567"),
        ("7 812 123 45 67", "+7", "+78121234567"),
        ("44 20 7183 8750", "GB", "+442071838750"),
        ("02 3661 8300", "+39", "+390236618300"),
        ("٠٥٠ ١٢٣ ٤٥٦٧", "+٩٧١", "+971501234567"),
        ("1234 5678", "+800", "+80012345678"),
    ] {
        assert_eq!(parsed_in(typed, country).as_deref(), Ok(e164), "{typed} of {country}");
    }
    for (typed, country) in
        [("06 12345678", ""), ("612345678", "+999"), ("612345678", "ZZ"), ("612345678", "Netherlands")]
    {
        assert_eq!(parsed_in(typed, country), Err(Rule::Malformed), "{typed} of {country}");
    }
}

#[test]
fn digits_of_any_script_and_what_stands_between_them_are_read() {
    for typed in [
        "+٩٧١٥٠١٢٣٤٥٦٧",
        "+۹۷۱۵۰۱۲۳۴۵۶۷",
        "＋９７１ ５０－１２３－４５６７",
        "+९७१ ५० १२३ ४५६७",
        "+971.50.123.4567",
        "+971/50/1234567",
        "(+971) 50 123 4567",
        "\u{202a}+971\u{a0}50\u{2011}123\u{2013}4567\u{202c}",
        "+971\u{200b}501234567\n",
        "tel:+971-50-123-4567",
    ] {
        assert_eq!(parsed(typed).as_deref(), Ok("+971501234567"), "{}", typed.escape_unicode());
    }
}

#[test]
fn letters_are_refused_but_at_the_end_of_a_vanity_number() {
    for typed in [
        "+33612a45678",
        "+3361234567a",
        "+336123456ab",
        "+1 6I2 253 0000",
        "+O31612345678",
        "hello",
        "+3161234éèà",
        "+49 1SI 23456789",
        "+44 79l1 123456",
        "+31 6 1234S678",
        "+91 98765 4321O",
        "+7 9I2 345 67 89",
        "+1 650 2S3 0000",
        "+33 6 12 34 56 7*",
        "+33 6 12 34 _ 56 78",
        "+33 6 12,34 56 78 9b",
    ] {
        assert_eq!(parsed(typed), Err(Rule::Malformed), "{typed}");
    }
    for (typed, e164) in [("+1 800 FLOWERS", "+18003569377"), ("+1-800-Got-Junk", "+18004685865")] {
        assert_eq!(parsed(typed).as_deref(), Ok(e164), "{typed}");
    }
}

#[test]
fn an_extension_is_refused_as_one() {
    for extension in [
        " ext. 5",
        " ext 5",
        "ext5",
        " x5",
        "x. 123",
        " extension 12",
        "#5",
        " # 5",
        ";ext=5",
        ", 5",
        " Ext: 5",
        " доб. 5",
        " EXT 5",
        " extn. 55",
        " xtn 5",
        " int 5",
        " anexo 5",
        " ext.٥",
        " x５",
        "; 5",
    ] {
        assert_eq!(parsed(&format!("+1 650 253 0000{extension}")), Err(Rule::PhoneExtension), "{extension}");
    }
    for rest in [" ext", " x", "#", ";", " ext five", ";phone-context=+1"] {
        assert_eq!(parsed(&format!("+1 650 253 0000{rest}")), Err(Rule::Malformed), "{rest}");
    }
}

#[test]
fn what_no_network_would_take_is_refused() {
    for typed in [
        "+1",
        "+",
        "+0031612345678",
        "+999123456789",
        "06 12345678",
        "+31612345678\0",
        "++31612345678",
        "+31+612345678",
        "+31",
        "+49 1",
        "+1 555",
        "+1 123 456 7890",
        "+44 0000 000000",
        "+86 123",
        "+0 650 253 0000",
        "1 650 253 0000",
        "0031612345678",
        "+31612345678\u{7}",
        "+31 6 1234 56789",
        "+4479111234567",
        "+8613812345678901",
        "+91987654321012",
    ] {
        assert_eq!(parsed(typed), Err(Rule::Malformed), "{typed}");
    }
    assert_eq!(parsed(" "), Err(Rule::Required));
    assert_eq!(parsed(&"1".repeat(41)), Err(Rule::TooLong { max: 40 }));
}

#[test]
fn the_dialling_code_is_that_of_the_number() {
    for (e164, code) in
        [("+31612345678", "+31"), ("+16502530000", "+1"), ("+37080012345", "+370"), ("nonsense", ""), ("", "")]
    {
        assert_eq!(PhoneNumber::dialling_code(e164), code);
    }
}

#[test]
fn r16_a_number_is_of_its_country_also_where_countries_share_a_dialling_code() {
    let is_of = |number: &str, region: &str| PhoneNumber::parse(number).unwrap().is_of(&[region.to_owned()]);
    for (number, region) in
        [("+31612345678", "NL"), ("+14155552671", "US"), ("+14165550123", "CA"), ("+447400123456", "GB")]
    {
        assert!(is_of(number, region), "{number}");
    }
    for (number, region) in
        [("+14165550123", "US"), ("+31612345678", "DE"), ("+80012345678", "US"), ("+31612345678", "XX")]
    {
        assert!(!is_of(number, region), "{number}");
    }
    assert!(PhoneNumber::is_region("NL") && !PhoneNumber::is_region("XX") && !PhoneNumber::is_region("Netherlands"));
}

#[test]
fn a_masked_number_keeps_its_dialling_code_and_two_digits() {
    assert_eq!(PhoneNumber::mask("+31612345678"), "+31*******78");
    assert_eq!(PhoneNumber::mask("+14155552671"), "+1********71");
    assert_eq!(PhoneNumber::mask(""), "");
}
