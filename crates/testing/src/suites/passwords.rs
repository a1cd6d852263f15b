//! What every [`PasswordHasher`] promises: see [`passwords_contract!`](crate::passwords_contract).
//!
//! A promise gets a hasher, and a second one whose parameters are weaker, as yesterday's were.

use selfsame_domain::{Password, PasswordHash};
use selfsame_ports::{PasswordError, PasswordHasher, Verdict};

use super::threads::together;

const SECRET: &str = "correct horse battery staple";

fn password(text: &str) -> Password {
    Password::new(text)
}

fn verdict(hasher: &dyn PasswordHasher, text: &str, hash: &PasswordHash) -> Verdict {
    hasher.verify(&password(text), Some(hash)).unwrap()
}

pub fn the_right_password_is_right_and_another_is_wrong(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    let hash = hasher.hash(&password(SECRET)).unwrap();
    assert_eq!(verdict(hasher, SECRET, &hash), Verdict::Right);
    for other in ["", "correct horse battery stapl", "Correct horse battery staple"] {
        assert_eq!(verdict(hasher, other, &hash), Verdict::Wrong, "{other}");
    }
}

pub fn r17_no_part_of_a_long_password_is_cut_off(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    let long = "é".repeat(500);
    let hash = hasher.hash(&password(&long)).unwrap();
    assert_eq!(verdict(hasher, &long, &hash), Verdict::Right);
    let other = format!("{}e", "é".repeat(499));
    assert_eq!(verdict(hasher, &other, &hash), Verdict::Wrong);
}

pub fn r17_one_password_typed_in_two_forms_is_one(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    let hash = hasher.hash(&password("Zo\u{eb} correct horse")).unwrap();
    assert_eq!(verdict(hasher, "Zoe\u{308} correct horse", &hash), Verdict::Right);
}

pub fn r83_without_a_hash_every_password_is_wrong(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    for text in [SECRET, ""] {
        assert_eq!(hasher.verify(&password(text), None), Ok(Verdict::Wrong));
    }
}

pub fn r19_a_hash_is_a_phc_string_with_a_salt_of_its_own(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    let [first, second] = [(); 2].map(|()| hasher.hash(&password(SECRET)).unwrap());
    assert_ne!(first, second);
    for hash in [first, second] {
        let fields: Vec<&str> = hash.as_phc().split('$').collect();
        assert!(fields.len() >= 4 && fields[0].is_empty(), "$id$…$salt$hash");
        assert!(hash.as_phc().is_ascii() && !hash.as_phc().contains(SECRET));
        assert_eq!(verdict(hasher, SECRET, &hash), Verdict::Right);
    }
}

pub fn r19_a_hash_of_weaker_parameters_is_right_but_weak(hasher: &dyn PasswordHasher, weaker: &dyn PasswordHasher) {
    let hash = weaker.hash(&password(SECRET)).unwrap();
    assert_eq!(verdict(weaker, SECRET, &hash), Verdict::Right);
    assert_eq!(verdict(hasher, SECRET, &hash), Verdict::RightButWeak);
    assert_eq!(verdict(hasher, "something else", &hash), Verdict::Wrong);
}

pub fn a_hash_that_cannot_be_read_is_a_fault_and_no_verdict(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    for broken in ["", SECRET, "$", "$argon2id$v=19$m=19456,t=2,p=1$", "$unknown$a$b$c"] {
        let hash = PasswordHash::from_phc(broken.to_owned());
        let answer = hasher.verify(&password(SECRET), Some(&hash));
        assert!(matches!(answer, Err(PasswordError::Internal(_))), "{broken}: {answer:?}");
    }
}

pub fn r82_eight_threads_are_all_answered(hasher: &dyn PasswordHasher, _weaker: &dyn PasswordHasher) {
    let hash = hasher.hash(&password(SECRET)).unwrap();
    let answers = together(8, |number| {
        let typed = if number % 2 == 0 { SECRET } else { "wrong" };
        verdict(hasher, typed, &hash)
    });
    let expected = [Verdict::Right, Verdict::Wrong].repeat(4);
    assert_eq!(answers, expected);
}

/// One `#[test]` for each promise of [`PasswordHasher`].
///
/// `with` is a `fn(promise: fn(&dyn PasswordHasher, &dyn PasswordHasher))`: a hasher, and one with weaker parameters.
#[macro_export]
macro_rules! passwords_contract {
    ($with:ident) => {
        $crate::promises! { $with, $crate::suites;
            passwords {
                the_right_password_is_right_and_another_is_wrong
                r17_no_part_of_a_long_password_is_cut_off
                r17_one_password_typed_in_two_forms_is_one
                r83_without_a_hash_every_password_is_wrong
                r19_a_hash_is_a_phc_string_with_a_salt_of_its_own
                r19_a_hash_of_weaker_parameters_is_right_but_weak
                a_hash_that_cannot_be_read_is_a_fault_and_no_verdict
                r82_eight_threads_are_all_answered
            }
        }
    };
}
