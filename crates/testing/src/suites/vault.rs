//! What every [`Vault`] promises: see [`vault_contract!`](crate::vault_contract).
//!
//! A promise gets a vault, and the same vault opened again: keys outlive the process.

use std::collections::HashSet;

use selfsame_ports::{Vault, VaultError};

use super::threads::together;

const CONTEXT: &str = "outbox:17";

pub fn what_is_sealed_opens_again_also_after_a_restart(vault: &dyn Vault, reopened: &dyn Vault) {
    let large = vec![0x5A; 100_000];
    for plaintext in [b"" as &[u8], b"x", b"a code: 12345678", &large] {
        let sealed = vault.seal(CONTEXT, plaintext).unwrap();
        assert_eq!(vault.open(CONTEXT, &sealed).as_deref(), Ok(plaintext));
        assert_eq!(reopened.open(CONTEXT, &sealed).as_deref(), Ok(plaintext));
    }
}

pub fn a_sealed_text_shows_nothing_of_the_plain_one(vault: &dyn Vault, reopened: &dyn Vault) {
    let plaintext = b"the same secret, sealed again and again";
    let seal = |vault: &dyn Vault| vault.seal(CONTEXT, plaintext).unwrap();
    let sealed = [seal(vault), seal(vault), seal(reopened), seal(reopened)];
    for text in &sealed {
        assert!(!text.windows(8).any(|part| plaintext.windows(8).any(|secret| secret == part)));
    }
    let different: HashSet<Vec<u8>> = sealed.into_iter().collect();
    assert_eq!(different.len(), 4, "a nonce came twice");
}

pub fn a_sealed_text_opens_in_its_own_context_alone(vault: &dyn Vault, reopened: &dyn Vault) {
    let sealed = vault.seal("user:1", b"7 secret").unwrap();
    for context in ["user:2", "user:", "user:17", "", "USER:1", "user:1 "] {
        assert_eq!(vault.open(context, &sealed), Err(VaultError::Unreadable), "{context}");
        assert_eq!(reopened.open(context, &sealed), Err(VaultError::Unreadable), "{context}");
    }
}

pub fn a_sealed_text_that_was_changed_does_not_open(vault: &dyn Vault, _reopened: &dyn Vault) {
    let sealed = vault.seal(CONTEXT, b"secret").unwrap();
    let refused = |text: &[u8]| assert_eq!(vault.open(CONTEXT, text), Err(VaultError::Unreadable), "{text:02x?}");
    for index in 0..sealed.len() {
        for bit in [0x01, 0x80] {
            let mut changed = sealed.clone();
            changed[index] ^= bit;
            refused(&changed);
        }
    }
    (0..sealed.len()).for_each(|length| refused(&sealed[..length]));
    (1..sealed.len()).for_each(|start| refused(&sealed[start..]));
    refused(&[&sealed[..], &[0]].concat());
    refused(&[&sealed[..], &sealed[..]].concat());
}

pub fn what_was_never_sealed_does_not_open(vault: &dyn Vault, _reopened: &dyn Vault) {
    for length in [0, 1, 12, 28, 29, 64, 1000] {
        let text = vec![0; length];
        assert_eq!(vault.open(CONTEXT, &text), Err(VaultError::Unreadable));
    }
}

pub fn a_mac_is_the_same_after_a_restart(vault: &dyn Vault, reopened: &dyn Vault) {
    for data in [b"" as &[u8], b"12345678", &[0xFF; 1000]] {
        let mac = vault.mac(CONTEXT, data);
        assert_eq!(mac, vault.mac(CONTEXT, data));
        assert_eq!(mac, reopened.mac(CONTEXT, data));
    }
}

pub fn a_mac_covers_the_data_and_the_context(vault: &dyn Vault, _reopened: &dyn Vault) {
    let inputs: [(&str, &[u8]); 7] = [
        ("code", b"12345678"),
        ("code", b"12345679"),
        ("link", b"12345678"),
        ("code1", b"2345678"),
        ("cod", b"e12345678"),
        ("code", b""),
        ("", b"code"),
    ];
    let macs: HashSet<[u8; 32]> = inputs.iter().map(|(context, data)| vault.mac(context, data)).collect();
    assert_eq!(macs.len(), inputs.len());
}

pub fn random_bytes_fill_the_buffer_and_take_every_value(vault: &dyn Vault, _reopened: &dyn Vault) {
    vault.fill_random(&mut []);
    // That one of the 256 values is missing has a chance of e^-248.
    let mut buffer = vec![0; 1 << 16];
    vault.fill_random(&mut buffer);
    let values: HashSet<u8> = buffer.iter().copied().collect();
    assert_eq!(values.len(), 256);
    let (first, last) = (&buffer[..256], &buffer[buffer.len() - 256..]);
    assert_ne!(first, last);
    assert!(last.iter().any(|&byte| byte != 0));
}

pub fn no_two_threads_get_the_same_random_bytes(vault: &dyn Vault, _reopened: &dyn Vault) {
    let drawn = together(20, |_| {
        let mut buffers = [[0; 16]; 50];
        for buffer in &mut buffers {
            vault.fill_random(buffer);
        }
        buffers
    });
    let different: HashSet<[u8; 16]> = drawn.into_iter().flatten().collect();
    assert_eq!(different.len(), 20 * 50);
}

/// One `#[test]` for each promise of [`Vault`].
///
/// `with` is a `fn(promise: fn(&dyn Vault, &dyn Vault))` that makes a vault and opens it a second time.
#[macro_export]
macro_rules! vault_contract {
    ($with:ident) => {
        $crate::promises! { $with, $crate::suites;
            vault {
                what_is_sealed_opens_again_also_after_a_restart
                a_sealed_text_shows_nothing_of_the_plain_one
                a_sealed_text_opens_in_its_own_context_alone
                a_sealed_text_that_was_changed_does_not_open
                what_was_never_sealed_does_not_open
                a_mac_is_the_same_after_a_restart
                a_mac_covers_the_data_and_the_context
                random_bytes_fill_the_buffer_and_take_every_value
                no_two_threads_get_the_same_random_bytes
            }
        }
    };
}
