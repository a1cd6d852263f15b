//! Units of work: whole or not at all, and nobody's business until they are committed (R87).

use selfsame_domain::{Action, Attempt, Challenge, Purpose, SignIn, User};
use selfsame_ports::{Storage, StorageError, Unique, UnitOfWork};

use super::support::{once, read, unit};
use crate::builders::{
    a_challenge, a_message, a_refresh_token, a_session, a_sign_in, a_token_hash, a_user, an_attempt, an_event, t0,
    t0_plus,
};

/// One of everything, of one account.
struct Everything {
    user: User,
    session: selfsame_domain::Session,
    cookie: selfsame_domain::TokenHash,
    sign_in: SignIn,
    token: selfsame_domain::RefreshToken,
    attempt: Attempt,
    challenge: Challenge,
}

impl Everything {
    fn new() -> Self {
        let user = a_user().with_username("ada").with_email("ada@example.com").build();
        let session = a_session();
        let sign_in = SignIn { session_id: Some(session.id), ..a_sign_in(&user) };
        let attempt = Attempt { session_id: Some(session.id), sign_in_id: Some(sign_in.id), ..an_attempt(&user) };
        let challenge = Challenge { attempt_id: Some(attempt.id), ..a_challenge(&user, Purpose::VerifyEmail) };
        Self { cookie: a_token_hash(), token: a_refresh_token(&sign_in), user, session, sign_in, attempt, challenge }
    }

    fn write(&self, unit: &mut dyn UnitOfWork) -> Result<(), StorageError> {
        unit.users().insert(&self.user)?;
        unit.sessions().insert(&self.session, &self.cookie)?;
        unit.sessions().insert_sign_in(&self.sign_in)?;
        unit.sessions()
            .save(&selfsame_domain::Session { active_sign_in: Some(self.sign_in.id), ..self.session.clone() })?;
        unit.refresh_tokens().insert(&self.token)?;
        unit.attempts().insert(&self.attempt)?;
        unit.challenges().insert(&self.challenge)?;
        unit.audit().append(&selfsame_domain::AuditEvent {
            sign_in_id: Some(self.sign_in.id),
            ..an_event(self.user.id, Action::UserCreated)
        })?;
        unit.outbox().enqueue(&a_message())
    }

    /// What of it others can see: account, session, sign-in, refresh token, attempt, challenge, audit trail.
    fn visible(&self, storage: &dyn Storage) -> [bool; 7] {
        let in_unit = |look: &dyn Fn(&mut dyn UnitOfWork) -> Result<bool, StorageError>| {
            let mut unit = storage.begin().unwrap();
            look(&mut *unit).unwrap()
        };
        [
            read(storage, |queries| queries.user(self.user.id)).is_some(),
            read(storage, |queries| queries.session(&self.cookie, t0())).is_some(),
            read(storage, |queries| queries.sign_in(self.sign_in.id)).is_some(),
            in_unit(&|unit| Ok(unit.refresh_tokens().find(&self.token.token_hash)?.is_some())),
            read(storage, |queries| queries.attempt(self.attempt.id)).is_some(),
            in_unit(&|unit| {
                let live = unit.challenges().live(self.user.id, self.challenge.purpose)?;
                Ok(live.is_some())
            }),
            !read(storage, |queries| queries.audit_trail(self.user.id)).is_empty(),
        ]
    }
}

pub fn a_storage_that_works_is_ready(storage: &dyn Storage) {
    assert_eq!(storage.ready(), Ok(()));
}

pub fn r87_a_unit_that_was_committed_is_there_whole(storage: &dyn Storage) {
    let all = Everything::new();
    unit(storage, |unit| all.write(unit));
    assert_eq!(all.visible(storage), [true; 7]);
}

pub fn r87_a_unit_that_was_dropped_leaves_nothing(storage: &dyn Storage) {
    let all = Everything::new();
    let mut dropped = storage.begin().unwrap();
    all.write(&mut *dropped).unwrap();
    drop(dropped);
    assert_eq!(all.visible(storage), [false; 7]);
    unit(storage, |unit| all.write(unit));
}

pub fn r87_a_unit_whose_last_statement_failed_leaves_nothing(storage: &dyn Storage) {
    a_user().with_username("grace").stored_in(storage);
    let all = Everything::new();
    let rival = a_user().with_username("grace").build();
    let failed = once(storage, |unit| {
        all.write(unit)?;
        unit.users().insert(&rival)
    });
    let taken = StorageError::Taken(Unique::PreferredUsername);
    assert_eq!(failed, Err(taken));
    assert_eq!(all.visible(storage), [false; 7]);
}

pub fn nobody_else_sees_a_unit_before_it_is_committed(storage: &dyn Storage) {
    let user = a_user().build();
    let seen = |storage| read(storage, |queries| queries.user(user.id)).is_some();
    let mut unit = storage.begin().unwrap();
    unit.users().insert(&user).unwrap();
    assert!(!seen(storage));
    unit.commit().unwrap();
    assert!(seen(storage));
}

pub fn a_unit_sees_its_own_writes(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").build();
    let next = {
        let mut next = user.clone();
        next.name = Some("Ada".to_owned());
        next.touch(t0_plus(1));
        next
    };
    let seen = unit(storage, |unit| {
        unit.users().insert(&user)?;
        let inserted = unit.users().lock(user.id)?;
        unit.users().save(&next)?;
        Ok([inserted, unit.users().lock(user.id)?])
    });
    assert_eq!(seen, [Some(user), Some(next)]);
}

pub fn one_connection_reads_what_was_committed_meanwhile(storage: &dyn Storage) {
    let user = a_user().build();
    let mut queries = storage.read().unwrap();
    assert_eq!(queries.user(user.id), Ok(None));
    unit(storage, |unit| unit.users().insert(&user));
    assert_eq!(queries.user(user.id), Ok(Some(user)));
}

pub fn deleting_an_account_takes_all_that_hangs_on_it_but_its_trail(storage: &dyn Storage) {
    let all = Everything::new();
    unit(storage, |unit| all.write(unit));
    let bystander = a_user().with_email("grace@example.com").stored_in(storage);
    let trail = read(storage, |queries| queries.audit_trail(all.user.id));
    unit(storage, |unit| {
        unit.users().lock(all.user.id)?;
        unit.users().delete(all.user.id)
    });
    let [user, session, rest @ .., audit] = all.visible(storage);
    assert!(!user);
    assert!(session, "the browser is not the account's");
    assert_eq!(rest, [false; 4]);
    assert!(audit);

    let state = read(storage, |queries| queries.session(&all.cookie, t0())).unwrap();
    assert_eq!(state.session, all.session, "nobody is active in it any more");
    let kept = read(storage, |queries| queries.audit_trail(all.user.id));
    assert_eq!(kept, trail, "r80: not one value of the chain changed");
    let untouched = read(storage, |queries| queries.user(bystander.id));
    assert_eq!(untouched, Some(bystander));
}
