//! Mailed proofs: one live at a time, few tries, used once (R12, R15).

use selfsame_domain::{Challenge, IdentifierChange, Purpose, User};
use selfsame_ports::{Storage, StorageError};

use super::support::{once, read, unit};
use crate::{
    builders::{a_challenge, a_token_hash, a_user, an_attempt, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

fn ada(storage: &dyn Storage) -> User {
    a_user().with_email("ada@example.com").stored_in(storage)
}

fn stored(storage: &dyn Storage, challenge: Challenge) -> Challenge {
    unit(storage, |unit| unit.challenges().insert(&challenge));
    challenge
}

fn live(storage: &dyn Storage, user: &User, purpose: Purpose) -> Option<Challenge> {
    unit(storage, |unit| unit.challenges().live(user.id, purpose))
}

fn by_link(storage: &dyn Storage, challenge: &Challenge) -> Option<(Challenge, bool)> {
    let link = challenge.link_hash.expect("a link");
    unit(storage, |unit| unit.challenges().by_link(&link))
}

fn consume(storage: &dyn Storage, challenge: &Challenge) -> bool {
    unit(storage, |unit| unit.challenges().consume(challenge.id, t0_plus(9)))
}

fn count_try(storage: &dyn Storage, challenge: &Challenge, max: i32) -> bool {
    unit(storage, |unit| unit.challenges().count_try(challenge.id, max))
}

fn tries(storage: &dyn Storage, challenge: &Challenge) -> i32 {
    let (challenge, _) = by_link(storage, challenge).expect("the challenge is there");
    challenge.tries
}

pub fn a_challenge_reads_back_as_it_was_inserted(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = an_attempt(&user);
    unit(storage, |unit| unit.attempts().insert(&attempt));
    let full = Challenge {
        attempt_id: Some(attempt.id),
        code_mac: Some(std::array::from_fn(|index| u8::try_from(index * 8).unwrap())),
        tries: 3,
        ..a_challenge(&user, Purpose::VerifyEmail)
    };
    let link_only = Challenge { code_mac: None, identifier_id: None, ..a_challenge(&user, Purpose::ResetPassword) };
    let code_only = Challenge { link_hash: None, ..a_challenge(&user, Purpose::ChangeEmail) };
    for challenge in [full, link_only, code_only] {
        let challenge = stored(storage, challenge);
        assert_eq!(live(storage, &user, challenge.purpose), Some(challenge));
    }
}

pub fn a_challenge_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let challenge = stored(storage, a_challenge(&ada(storage), Purpose::VerifyEmail));
    let twin = Challenge { link_hash: None, ..challenge };
    let again = once(storage, |unit| unit.challenges().insert(&twin));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn a_challenge_of_an_attempt_is_found_by_it_while_it_is_live(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = an_attempt(&user);
    unit(storage, |unit| unit.attempts().insert(&attempt));
    let of_attempt = |id| unit(storage, |unit| unit.challenges().live_of_attempt(id));
    assert_eq!(of_attempt(attempt.id), None);
    let challenge = Challenge { attempt_id: Some(attempt.id), ..a_challenge(&user, Purpose::VerifyEmail) };
    stored(storage, challenge.clone());
    stored(storage, a_challenge(&user, Purpose::ResetPassword));
    assert_eq!(of_attempt(attempt.id), Some(challenge.clone()));
    assert_eq!(of_attempt(fresh_id()), None);
    assert!(consume(storage, &challenge));
    assert_eq!(of_attempt(attempt.id), None);
}

pub fn r12_a_new_challenge_voids_the_older_one_of_its_user_and_purpose(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let old = stored(storage, a_challenge(&ada, Purpose::VerifyEmail));
    let other_purpose = stored(storage, a_challenge(&ada, Purpose::ResetPassword));
    let other_user = stored(storage, a_challenge(&grace, Purpose::VerifyEmail));
    let new = stored(storage, a_challenge(&ada, Purpose::VerifyEmail));

    assert_eq!(live(storage, &ada, Purpose::VerifyEmail), Some(new));
    assert_eq!(by_link(storage, &old), Some((old.clone(), false)));
    assert!(!consume(storage, &old), "a void challenge proves nothing");
    let untouched = live(storage, &ada, Purpose::ResetPassword);
    assert_eq!(untouched, Some(other_purpose));
    let untouched = live(storage, &grace, Purpose::VerifyEmail);
    assert_eq!(untouched, Some(other_user));
}

pub fn a_link_names_its_challenge_live_or_not(storage: &dyn Storage) {
    let challenge = stored(storage, a_challenge(&ada(storage), Purpose::VerifyEmail));
    assert_eq!(by_link(storage, &challenge), Some((challenge.clone(), true)));
    assert!(consume(storage, &challenge));
    assert_eq!(by_link(storage, &challenge), Some((challenge, false)));
    let unknown = unit(storage, |unit| unit.challenges().by_link(&a_token_hash()));
    assert_eq!(unknown, None);
}

pub fn expiry_is_left_to_the_caller(storage: &dyn Storage) {
    let user = ada(storage);
    let expired = Challenge {
        code_expires_at: t0_plus(-9),
        link_expires_at: t0_plus(-9),
        ..a_challenge(&user, Purpose::VerifyEmail)
    };
    let expired = stored(storage, expired);
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), Some(expired.clone()));
    assert_eq!(by_link(storage, &expired), Some((expired, true)));
}

pub fn r15_tries_are_counted_up_to_the_limit(storage: &dyn Storage) {
    let user = ada(storage);
    let carried_over = Challenge { tries: 2, ..a_challenge(&user, Purpose::VerifyEmail) };
    let challenge = stored(storage, carried_over);
    for expected in [true, true, true, false, false] {
        assert_eq!(count_try(storage, &challenge, 5), expected);
    }
    assert_eq!(tries(storage, &challenge), 5);
    assert!(consume(storage, &challenge), "the link is as good as before");
}

pub fn a_challenge_that_is_not_live_counts_no_tries(storage: &dyn Storage) {
    let user = ada(storage);
    let consumed = stored(storage, a_challenge(&user, Purpose::VerifyEmail));
    assert!(consume(storage, &consumed));
    let voided = stored(storage, a_challenge(&user, Purpose::ResetPassword));
    unit(storage, |unit| unit.challenges().void(user.id, Purpose::ResetPassword, t0()));
    for challenge in [consumed, voided] {
        assert!(!count_try(storage, &challenge, 5));
        assert_eq!(tries(storage, &challenge), 0);
    }
    let unknown = a_challenge(&user, Purpose::ChangeEmail);
    assert!(!count_try(storage, &unknown, 5));
}

pub fn r15_twenty_threads_get_no_more_tries_than_the_limit(storage: &dyn Storage) {
    let challenge = stored(storage, a_challenge(&ada(storage), Purpose::VerifyEmail));
    let answers = together(20, |_| count_try(storage, &challenge, 5));
    assert_eq!(winners(&answers), 5);
    assert_eq!(tries(storage, &challenge), 5);
}

pub fn r12_a_challenge_is_consumed_once(storage: &dyn Storage) {
    let user = ada(storage);
    let challenge = stored(storage, a_challenge(&user, Purpose::VerifyEmail));
    assert!(consume(storage, &challenge));
    assert!(!consume(storage, &challenge));
    assert_eq!(live(storage, &user, Purpose::VerifyEmail), None);
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
            unit.users().lock(user.id)?;
            unit.challenges().insert(&challenge)
        });
        challenge
    });
    let alive = all.iter().filter(|challenge| by_link(storage, challenge).is_some_and(|(_, live)| live));
    assert_eq!(alive.count(), 1);
}

pub fn r22_voiding_reaches_one_user_and_one_purpose(storage: &dyn Storage) {
    let (ada, grace) = (ada(storage), a_user().stored_in(storage));
    let voided = stored(storage, a_challenge(&ada, Purpose::ChangeEmail));
    let kept = [
        stored(storage, a_challenge(&ada, Purpose::ResetPassword)),
        stored(storage, a_challenge(&grace, Purpose::ChangeEmail)),
    ];
    unit(storage, |unit| unit.challenges().void(ada.id, Purpose::ChangeEmail, t0_plus(1)));
    assert_eq!(live(storage, &ada, Purpose::ChangeEmail), None);
    assert!(!consume(storage, &voided));
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
    let purged = unit(storage, |unit| unit.challenges().purge(t0(), 10));
    assert_eq!(purged, 1);
    let left = all.map(|challenge| by_link(storage, &challenge).is_some());
    assert_eq!(left, [false, true, true]);
    let untouched = read(storage, |queries| queries.user(user.id));
    assert_eq!(untouched, Some(user));
}

pub fn challenges_are_purged_in_portions(storage: &dyn Storage) {
    let user = ada(storage);
    for purpose in [Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::ChangeEmail] {
        stored(storage, Challenge { created_at: t0_plus(-1), ..a_challenge(&user, purpose) });
    }
    let purge = || unit(storage, |unit| unit.challenges().purge(t0(), 2));
    assert_eq!([purge(), purge(), purge()], [2, 1, 0]);
}

pub fn a_challenge_goes_with_the_address_or_the_attempt_it_is_part_of(storage: &dyn Storage) {
    let user = ada(storage);
    let attempt = an_attempt(&user);
    unit(storage, |unit| unit.attempts().insert(&attempt));
    let of_attempt =
        Challenge { attempt_id: Some(attempt.id), identifier_id: None, ..a_challenge(&user, Purpose::VerifyEmail) };
    let of_address = a_challenge(&user, Purpose::ResetPassword);
    let of_neither = Challenge { identifier_id: None, ..a_challenge(&user, Purpose::ChangeEmail) };
    let all = [of_attempt, of_address, of_neither].map(|challenge| stored(storage, challenge));
    let left = || all.each_ref().map(|challenge| by_link(storage, challenge).is_some());

    unit(storage, |unit| unit.attempts().purge(attempt.expires_at + chrono::Duration::seconds(1), 10));
    assert_eq!(left(), [false, true, true]);
    unit(storage, |unit| {
        let address = IdentifierChange::Delete(user.identifiers[0].id);
        unit.users().change_identifiers(user.id, &[address])
    });
    assert_eq!(left(), [false, false, true]);
}
