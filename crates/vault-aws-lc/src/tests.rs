//! What the port's contract suite cannot know: keys, rotation, layout.

use super::*;

fn key(seed: u8) -> [u8; KEY_BYTES] {
    std::array::from_fn(|at| seed.wrapping_add(u8::try_from(at).unwrap()))
}

fn vault(ids: &[&str]) -> AwsLcVault {
    let seed = |id: &str| id.bytes().last().unwrap();
    let keys = ids.iter().map(|id| ((*id).to_owned(), key(seed(id))));
    AwsLcVault::new(keys.collect()).unwrap()
}

#[test]
fn a_text_opens_in_its_context_only() {
    let vault = vault(&["k1"]);
    let sealed = vault.seal("totp 1", b"seed").unwrap();
    assert_eq!(vault.open("totp 1", &sealed).unwrap(), b"seed");
    assert_eq!(vault.open("totp 2", &sealed), Err(VaultError::Unreadable));
    assert_eq!(vault.open("", &sealed), Err(VaultError::Unreadable));
}

#[test]
fn the_same_text_is_never_sealed_alike() {
    let vault = vault(&["k1"]);
    assert_ne!(vault.seal("c", b"x").unwrap(), vault.seal("c", b"x").unwrap());
}

#[test]
fn a_change_in_any_byte_is_noticed_and_so_is_a_missing_end() {
    let vault = vault(&["k1", "k2"]);
    let sealed = vault.seal("c", b"text").unwrap();
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(vault.open("c", &changed), Err(VaultError::Unreadable), "{at}");
        assert_eq!(vault.open("c", &sealed[..at]), Err(VaultError::Unreadable), "{at}");
    }
}

#[test]
fn r95_the_newest_key_seals_and_all_keys_open() {
    let before = vault(&["k1"]);
    let after = vault(&["k1", "k2"]);
    let old = before.seal("c", b"old").unwrap();
    let new = after.seal("c", b"new").unwrap();
    assert_eq!(Envelope::read(&new).unwrap().key_id, "k2");
    assert_eq!(after.open("c", &old).unwrap(), b"old");
    assert_eq!(after.open("c", &new).unwrap(), b"new");
}

#[test]
fn r95_what_was_sealed_with_a_key_that_is_gone_stays_shut() {
    let old = vault(&["k1"]).seal("c", b"old").unwrap();
    let without = vault(&["k2"]);
    assert_eq!(without.open("c", &old), Err(VaultError::Unreadable));
}

#[test]
fn r95_a_mac_outlives_the_arrival_of_a_new_key() {
    let mac = |ids: &[&str]| vault(ids).mac("code", b"123456");
    assert_eq!(mac(&["k1"]), mac(&["k1", "k2"]));
    assert_ne!(mac(&["k1"]), mac(&["k2"]));
}

#[test]
fn a_mac_tells_contexts_and_texts_apart() {
    let vault = vault(&["k1"]);
    assert_eq!(vault.mac("a", b"x"), vault.mac("a", b"x"));
    assert_ne!(vault.mac("a", b"x"), vault.mac("b", b"x"));
    assert_ne!(vault.mac("a", b"x"), vault.mac("a", b"y"));
    assert_ne!(vault.mac("a", b"bx"), vault.mac("ab", b"x"));
}

/// Computed with another implementation of HKDF, HMAC and AES-GCM, under the key `31 32 … 50`.
const MAC: [u8; 8] = [23, 138, 226, 81, 112, 69, 60, 88];
const SEALED: &[u8] = b"\x01\x02k1\
    \x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\
    \xdd\xe1\x3e\xf2\xed\x1d\xef\x1a\x73\xa7\x27\x2e\x63\x53\x7a\x5a\x77\x6c\xab\x47";

/// A release that derived its keys otherwise could read nothing of what is stored.
#[test]
fn keys_are_derived_and_texts_laid_out_as_documented() {
    let vault = vault(&["k1"]);
    assert_eq!(vault.mac("code", b"123456")[..8], MAC);
    assert_eq!(vault.open("c", SEALED).unwrap(), b"text");
}

#[test]
fn r96_no_key_a_repeated_id_a_bad_id_and_a_constant_key_are_refused() {
    let keys = |keys: &[(&str, [u8; KEY_BYTES])]| {
        let keys = keys.iter().map(|(id, key)| ((*id).to_owned(), *key));
        AwsLcVault::new(keys.collect()).err()
    };
    assert_eq!(keys(&[]), Some(KeyError::None));
    let twice = keys(&[("a", key(1)), ("a", key(2))]);
    assert_eq!(twice, Some(KeyError::Twice("a".into())));
    for id in ["", "with space", "ä", &"a".repeat(65)] {
        assert_eq!(keys(&[(id, key(1))]), Some(KeyError::Id(id.to_owned())));
    }
    let weak = keys(&[("a", [7; KEY_BYTES])]);
    assert_eq!(weak, Some(KeyError::Weak("a".into())));
}

#[test]
fn random_bytes_and_new_keys_do_not_repeat() {
    let vault = vault(&["k1"]);
    let (mut one, mut two) = ([0; 16], [0; 16]);
    vault.fill_random(&mut one);
    vault.fill_random(&mut two);
    assert_ne!(one, two);
    assert_ne!(*generate_key(), *generate_key());
}
