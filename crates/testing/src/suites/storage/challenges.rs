//! Mailed proofs: one live at a time for each address, good for their own account only, used once (R12).

use std::slice;

use selfsame_domain::{Challenge, Purpose, SignIn, TokenHash, User};
use selfsame_ports::{Storage, StorageError};

use super::support::{account, changed, once, read, save, unit};
use crate::{
    builders::{a_challenge, a_sign_in, a_token_hash, a_user, an_attempt, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

fn ada(storage: &dyn Storage) -> User {
    a_user().with_email("ada@example.com").stored_in(storage)
}

fn stored(storage: &dyn Storage, challenge: Challenge) -> Challenge {
    unit(storage, |unit| unit.proofs().insert_challenge(&challenge));
    challenge
}

fn live(storage: &dyn Storage, user: &User, purpose: Purpose) -> Vec<Challenge> {
    read(storage, |queries| queries.challenges(user.id, purpose))
}

fn link(challenge: &Challenge) -> TokenHash {
    challenge.link_hash.expect("a link")
}

fn by_link(storage: &dyn Storage, challenge: &Challenge) -> Option<Challenge> {
    read(storage, |queries| queries.challenge_by_link(challenge.user_id, &link(challenge)))
}

fn consume(storage: &dyn Storage, challenge: &Challenge) -> bool {
    unit(storage, |unit| unit.proofs().consume_challenge(challenge.id, t0_plus(9)))
}

fn void(storage: &dyn Storage, user: &User, purpose: Purpose) {
    unit(storage, |unit| unit.proofs().void_challenges(user.id, purpose, t0_plus(1)));
}

/// A challenge for another address.
fn of_target(user: &User, purpose: Purpose, target: &str) -> Challenge {
    let address = format!("{} ", target.to_uppercase());
    Challenge { identifier_id: None, target: target.to_owned(), address, ..a_challenge(user, purpose) }
}

pub fn a_challenge_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = an_attempt(&user);
    unit(storage, |unit| unit.proofs().insert_attempt(&attempt));
    let full = Challenge {
        attempt_id: Some(attempt.id),
        code_mac: Some(std::array::from_fn(|index| u8::try_from(index * 8).unwrap())),
        ..a_challenge(&user, Purpose::VerifyEmail)
    };
    let link_only = Challenge { code_mac: None, ..of_target(&user, Purpose::ResetPassword, "new@example.com") };
    let code_only = Challenge { link_hash: None, ..a_challenge(&user, Purpose::ChangeEmail) };
    for challenge in [full, link_only, code_only] {
        let challenge = stored(storage, challenge);
        assert_eq!(live(storage, &user, challenge.purpose), slice::from_ref(&challenge));
        if challenge.link_hash.is_some() {
            assert_eq!(by_link(storage, &challenge), Some(challenge));
        }
    }
}

pub fn a_used_link_is_told_from_a_live_a_void_and_an_unknown_one(storage: &dyn Storage) {
    let user = ada(storage);
    let used = |challenge: &Challenge| read(storage, |queries| queries.used_link(challenge.user_id, &link(challenge)));
    let void = stored(storage, a_challenge(&user, Purpose::VerifyEmail));
    let live = stored(storage, a_challenge(&user, Purpose::VerifyEmail));
    assert_eq!((used(&void), used(&live)), (None, None));
    assert!(consume(storage, &live));
    assert_eq!((used(&void), used(&live)), (None, Some(live.clone())));
    let of_nobody = Challenge { user_id: fresh_id(), ..live };
    assert_eq!(used(&of_nobody), None);
}

pub fn a_challenge_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let challenge = stored(storage, a_challenge(&ada(storage), Purpose::VerifyEmail));
    let twin = Challenge { link_hash: None, target: "other@example.com".to_owned(), ..challenge };
    let again = once(storage, |unit| unit.proofs().insert_challenge(&twin));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn a_challenge_of_an_attempt_is_found_by_it_while_it_is_live(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = an_attempt(&user);
    unit(storage, |unit| unit.proofs().insert_attempt(&attempt));
    let of_attempt = |id| read(storage, |queries| queries.challenge_of_attempt(id));
    assert_eq!(of_attempt(attempt.id), None);
    let challenge = Challenge { attempt_id: Some(attempt.id), ..a_challenge(&user, Purpose::VerifyEmail) };
    stored(storage, challenge.clone());
    stored(storage, a_challenge(&user, Purpose::ResetPassword));
    assert_eq!(of_attempt(attempt.id), Some(challenge.clone()));
    assert_eq!(of_attempt(fresh_id()), None);
    assert!(consume(storage, &challenge));
    assert_eq!(of_attempt(attempt.id), None);
}

pub fn r12_a_new_challenge_voids_the_older_one_of_its_user_purpose_and_target(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let old = stored(storage, a_challenge(&ada, Purpose::VerifyEmail));
    let other_purpose = stored(storage, a_challenge(&ada, Purpose::ResetPassword));
    let other_user = Challenge { target: old.target.clone(), ..a_challenge(&grace, Purpose::VerifyEmail) };
    let other_user = stored(storage, other_user);
    let new = Challenge { address: "Ada@Example.com".to_owned(), ..a_challenge(&ada, Purpose::VerifyEmail) };
    let new = stored(storage, new);

    assert_eq!(live(storage, &ada, Purpose::VerifyEmail), [new], "one target, however it was written");
    assert_eq!(by_link(storage, &old), None);
    assert!(!consume(storage, &old), "a void challenge proves nothing");
    assert_eq!(live(storage, &ada, Purpose::ResetPassword), [other_purpose]);
    assert_eq!(live(storage, &grace, Purpose::VerifyEmail), [other_user]);
}

pub fn r12_proving_a_second_address_does_not_void_the_proof_of_the_first(storage: &dyn Storage) {
    let user = ada(storage);
    let first = stored(storage, a_challenge(&user, Purpose::VerifyEmail));
    let second = stored(storage, of_target(&user, Purpose::VerifyEmail, "second@example.com"));
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), [second.clone(), first.clone()]);
    assert!(consume(storage, &second));
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), slice::from_ref(&first));
    assert!(consume(storage, &first));
}

pub fn live_challenges_come_newest_first(storage: &dyn Storage) {
    let user = ada(storage);
    let made = |(target, seconds)| {
        let challenge = of_target(&user, Purpose::VerifyEmail, target);
        stored(storage, Challenge { created_at: t0_plus(seconds), ..challenge })
    };
    let [middle, newest, oldest] = [("a@example.com", 20), ("b@example.com", 30), ("c@example.com", 10)].map(made);
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), [newest, middle, oldest]);
}

pub fn r12_a_link_names_a_live_challenge_of_its_own_account(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let challenge = stored(storage, a_challenge(&ada, Purpose::VerifyEmail));
    let find = |user: &User, link: TokenHash| read(storage, |queries| queries.challenge_by_link(user.id, &link));
    assert_eq!(find(&ada, link(&challenge)), Some(challenge.clone()));
    assert_eq!(find(&grace, link(&challenge)), None, "of another account");
    assert_eq!(find(&ada, a_token_hash()), None, "unknown");
    assert!(consume(storage, &challenge));
    assert_eq!(find(&ada, link(&challenge)), None, "consumed");
    let voided = stored(storage, a_challenge(&ada, Purpose::VerifyEmail));
    void(storage, &ada, Purpose::VerifyEmail);
    assert_eq!(find(&ada, link(&voided)), None, "void");
}

pub fn expiry_is_left_to_the_caller(storage: &dyn Storage) {
    let user = ada(storage);
    let expired = Challenge {
        code_expires_at: t0_plus(-9),
        link_expires_at: t0_plus(-9),
        ..a_challenge(&user, Purpose::VerifyEmail)
    };
    let expired = stored(storage, expired);
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), slice::from_ref(&expired));
    assert_eq!(by_link(storage, &expired), Some(expired));
}

pub fn r12_a_challenge_is_consumed_once(storage: &dyn Storage) {
    let user = ada(storage);
    let challenge = stored(storage, a_challenge(&user, Purpose::VerifyEmail));
    assert!(consume(storage, &challenge));
    assert!(!consume(storage, &challenge));
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), []);
    assert!(!consume(storage, &a_challenge(&user, Purpose::VerifyEmail)));
}

pub fn r12_a_challenge_that_twenty_threads_consume_is_consumed_by_one(storage: &dyn Storage) {
    let challenge = stored(storage, a_challenge(&ada(storage), Purpose::VerifyEmail));
    let answers = together(20, |_| consume(storage, &challenge));
    assert_eq!(winners(&answers), 1);
}

pub fn r12_challenges_asked_for_at_once_leave_one_alive(storage: &dyn Storage) {
    let user = ada(storage);
    let all = together(10, |_| {
        let challenge = a_challenge(&user, Purpose::ResetPassword);
        unit(storage, |unit| {
            unit.accounts().lock(user.id)?;
            unit.proofs().insert_challenge(&challenge)
        });
        challenge
    });
    let alive = all.iter().filter(|challenge| by_link(storage, challenge).is_some());
    assert_eq!(alive.count(), 1);
    assert_eq!(live(storage, &user, Purpose::ResetPassword).len(), 1);
}

pub fn r22_voiding_reaches_every_target_of_one_user_and_one_purpose(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let voided = [
        stored(storage, a_challenge(&ada, Purpose::ChangeEmail)),
        stored(storage, of_target(&ada, Purpose::ChangeEmail, "new@example.com")),
    ];
    let kept = [
        stored(storage, a_challenge(&ada, Purpose::ResetPassword)),
        stored(storage, a_challenge(&grace, Purpose::ChangeEmail)),
    ];
    void(storage, &ada, Purpose::ChangeEmail);
    assert_eq!(live(storage, &ada, Purpose::ChangeEmail), []);
    for challenge in voided {
        assert!(!consume(storage, &challenge));
    }
    for challenge in kept {
        assert!(consume(storage, &challenge));
    }
}

pub fn purging_removes_the_challenges_made_before(storage: &dyn Storage) {
    let user = ada(storage);
    let made = |(purpose, seconds)| {
        let challenge = Challenge { created_at: t0_plus(seconds), ..a_challenge(&user, purpose) };
        stored(storage, challenge)
    };
    let all = [(Purpose::VerifyEmail, -1), (Purpose::ResetPassword, 0), (Purpose::ChangeEmail, 1)];
    let all = all.map(made);
    let purged = unit(storage, |unit| unit.proofs().purge_challenges(t0(), 10));
    assert_eq!(purged, 1);
    let left = all.map(|challenge| by_link(storage, &challenge).is_some());
    assert_eq!(left, [false, true, true]);
    assert_eq!(account(storage, user.id), Some(user));
}

pub fn challenges_are_purged_in_portions(storage: &dyn Storage) {
    let user = ada(storage);
    for purpose in [Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::ChangeEmail] {
        stored(storage, Challenge { created_at: t0_plus(-1), ..a_challenge(&user, purpose) });
    }
    let purge = || unit(storage, |unit| unit.proofs().purge_challenges(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
}

pub fn a_challenge_goes_with_the_address_or_the_attempt_it_is_part_of(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = an_attempt(&user);
    unit(storage, |unit| unit.proofs().insert_attempt(&attempt));
    let of_attempt =
        Challenge { attempt_id: Some(attempt.id), identifier_id: None, ..a_challenge(&user, Purpose::VerifyEmail) };
    let of_address = a_challenge(&user, Purpose::ResetPassword);
    let of_neither = Challenge { identifier_id: None, ..a_challenge(&user, Purpose::ChangeEmail) };
    let all = [of_attempt, of_address, of_neither].map(|challenge| stored(storage, challenge));
    let left = || all.each_ref().map(|challenge| by_link(storage, challenge).is_some());

    unit(storage, |unit| unit.proofs().purge_attempts(attempt.expires_at + chrono::Duration::seconds(1), 10));
    assert_eq!(left(), [false, true, true]);
    save(storage, &user, &changed(&user, |user| user.identifiers.clear())).unwrap();
    assert_eq!(left(), [false, false, true]);
}

pub fn r9_a_challenge_goes_with_the_sign_in_that_requested_it(storage: &dyn Storage) {
    let user = ada(storage);
    let sign_in = SignIn { ended_at: Some(t0()), ..a_sign_in(&user) };
    unit(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    let bound = Challenge { sign_in_id: Some(sign_in.id), ..a_challenge(&user, Purpose::ChangeEmail) };
    let bound = stored(storage, bound);
    let free = stored(storage, Challenge { link_hash: None, ..a_challenge(&user, Purpose::VerifyPhone) });
    assert_eq!(live(storage, &user, Purpose::ChangeEmail), slice::from_ref(&bound));
    let unknown = Challenge { id: fresh_id(), sign_in_id: Some(fresh_id()), link_hash: None, ..bound };
    assert_eq!(once(storage, |unit| unit.proofs().insert_challenge(&unknown)), Err(StorageError::Conflict));
    assert_eq!(unit(storage, |unit| unit.sessions().purge(t0_plus(1), 10)), 1);
    assert_eq!(live(storage, &user, Purpose::ChangeEmail), []);
    assert_eq!(live(storage, &user, Purpose::VerifyPhone), [free]);
}
