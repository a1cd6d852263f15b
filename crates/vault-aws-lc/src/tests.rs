//! What the port's contract suite cannot know: keys, rotation, layout.

use super::*;

fn key(seed: u8) -> [u8; KEY_BYTES] {
    std::array::from_fn(|at| seed.wrapping_add(u8::try_from(at).unwrap()))
}

const ROOT: u8 = b'1';

fn keys(ids: &[&str]) -> Vec<(String, Zeroizing<[u8; KEY_BYTES]>)> {
    let seed = |id: &str| id.bytes().last().unwrap();
    ids.iter().map(|id| ((*id).to_owned(), Zeroizing::new(key(seed(id))))).collect()
}

/// A vault with these sealing keys, of which the last is active.
fn vault(ids: &[&str]) -> AwsLcVault {
    AwsLcVault::new(&key(ROOT), &keys(ids), ids.last().unwrap()).unwrap()
}

fn sealed_by(sealed: &[u8]) -> &str {
    Envelope::read(sealed).unwrap().key_id
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
fn r95_the_active_key_seals_and_all_keys_open() {
    let before = vault(&["k1"]);
    let after = vault(&["k1", "k2"]);
    let old = before.seal("c", b"old").unwrap();
    let new = after.seal("c", b"new").unwrap();
    assert_eq!(sealed_by(&new), "k2");
    assert_eq!(after.open("c", &old).unwrap(), b"old");
    assert_eq!(after.open("c", &new).unwrap(), b"new");
}

#[test]
fn r95_a_new_key_opens_before_it_seals() {
    let (ahead, behind) = (vault(&["k1", "k2"]), vault(&["k1"]));
    behind.replace(&keys(&["k1", "k2"]), "k1").unwrap();
    assert_eq!(sealed_by(&behind.seal("c", b"x").unwrap()), "k1");
    let new = ahead.seal("c", b"new").unwrap();
    assert_eq!(behind.open("c", &new).unwrap(), b"new");
    behind.replace(&keys(&["k1", "k2"]), "k2").unwrap();
    assert_eq!(sealed_by(&behind.seal("c", b"x").unwrap()), "k2");
}

#[test]
fn r95_what_was_sealed_with_a_key_that_is_retired_stays_shut() {
    let vault = vault(&["k1"]);
    let old = vault.seal("c", b"old").unwrap();
    vault.replace(&keys(&["k2"]), "k2").unwrap();
    assert_eq!(vault.open("c", &old), Err(VaultError::Unreadable));
}

#[test]
fn r95_keys_that_cannot_be_used_leave_the_ring_as_it_was() {
    let vault = vault(&["k1"]);
    let sealed = vault.seal("c", b"text").unwrap();
    let weak = [("k2".to_owned(), Zeroizing::new([7; KEY_BYTES]))];
    assert_eq!(vault.replace(&weak, "k2"), Err(KeyError::Weak("k2".into())));
    assert_eq!(vault.replace(&keys(&["k1", "k2"]), "k3"), Err(KeyError::Unknown("k3".into())));
    assert_eq!(vault.replace(&[], "k1"), Err(KeyError::None));
    assert_eq!(vault.open("c", &sealed).unwrap(), b"text");
    assert_eq!(sealed_by(&vault.seal("c", b"x").unwrap()), "k1");
}

#[test]
fn r95_macs_depend_on_the_root_key_and_on_no_sealing_key() {
    let rotated = vault(&["k1", "k2"]);
    let mac = rotated.mac("code", b"123456");
    rotated.replace(&keys(&["k2"]), "k2").unwrap();
    assert_eq!(rotated.mac("code", b"123456"), mac);
    assert_eq!(vault(&["k3"]).mac("code", b"123456"), mac);
    let other = AwsLcVault::new(&key(ROOT + 1), &keys(&["k1"]), "k1").unwrap();
    assert_ne!(other.mac("code", b"123456"), mac);
}

#[test]
fn sealing_and_opening_go_on_while_the_ring_is_replaced() {
    let vault = vault(&["k1"]);
    let (both, is_over) = (keys(&["k1", "k2"]), std::sync::atomic::AtomicBool::new(false));
    std::thread::scope(|scope| {
        let user = scope.spawn(|| {
            for _ in 0..2000 {
                let sealed = vault.seal("c", b"x").unwrap();
                assert_eq!(vault.open("c", &sealed).unwrap(), b"x");
            }
            is_over.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        for active in ["k2", "k1"].into_iter().cycle() {
            if is_over.load(std::sync::atomic::Ordering::SeqCst) || user.is_finished() {
                break;
            }
            vault.replace(&both, active).unwrap();
        }
    });
}

#[test]
fn a_mac_tells_contexts_and_texts_apart() {
    let vault = vault(&["k1"]);
    assert_eq!(vault.mac("a", b"x"), vault.mac("a", b"x"));
    assert_ne!(vault.mac("a", b"x"), vault.mac("b", b"x"));
    assert_ne!(vault.mac("a", b"x"), vault.mac("a", b"y"));
    assert_ne!(vault.mac("a", b"bx"), vault.mac("ab", b"x"));
}

/// Computed with another implementation of HKDF, HMAC and AES-GCM, under the key `31 32 … 50` for both.
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
    let refused = |keys: &[(&str, [u8; KEY_BYTES])], active: &str| {
        let keys: Vec<_> = keys.iter().map(|(id, key)| ((*id).to_owned(), Zeroizing::new(*key))).collect();
        AwsLcVault::new(&key(ROOT), &keys, active).err()
    };
    assert_eq!(refused(&[], "a"), Some(KeyError::None));
    let twice = refused(&[("a", key(1)), ("a", key(2))], "a");
    assert_eq!(twice, Some(KeyError::Twice("a".into())));
    for id in ["", "with space", "ä", &"a".repeat(65)] {
        assert_eq!(refused(&[(id, key(1))], id), Some(KeyError::Id(id.to_owned())));
    }
    let weak = refused(&[("a", [7; KEY_BYTES])], "a");
    assert_eq!(weak, Some(KeyError::Weak("a".into())));
    let weak = AwsLcVault::new(&[7; KEY_BYTES], &keys(&["a"]), "a").err();
    assert_eq!(weak, Some(KeyError::Weak("mac".into())));
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

#[test]
fn r95_what_an_earlier_key_sealed_is_told_from_what_the_active_one_did() {
    let vault = vault(&["k1", "k2"]);
    vault.replace(&keys(&["k1", "k2"]), "k1").unwrap();
    let sealed = vault.seal("c", b"text").unwrap();
    assert!(vault.is_current(&sealed));
    vault.replace(&keys(&["k1", "k2"]), "k2").unwrap();
    assert!(!vault.is_current(&sealed));
    assert!(vault.is_current(&vault.seal("c", b"text").unwrap()));
    assert!(!vault.is_current(b"never sealed"));
}
