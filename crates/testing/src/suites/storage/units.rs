//! Units of work: atomic, and invisible to others until they are committed (R87).

use selfsame_domain::{
    Action, Attempt, Attributes, AuditEvent, Challenge, PasswordHash, Purpose, Session, SignIn, Ticket, TokenHash, User,
};
use selfsame_ports::{Storage, StorageError, Unique, UnitOfWork};

use super::support::{account, changed, once, read, unit};
use crate::builders::{
    a_challenge, a_message, a_refresh_chain, a_session, a_sign_in, a_ticket, a_token_hash, a_user, an_attempt,
    an_event, append_event, t0,
};

/// One of everything, of one account.
struct Everything {
    user: User,
    password: PasswordHash,
    attributes: Attributes,
    session: Session,
    cookie: TokenHash,
    sign_in: SignIn,
    attempt: Attempt,
    challenge: Challenge,
    ticket: Ticket,
}

impl Everything {
    fn new() -> Self {
        let user = a_user().with_username("ada").with_email("ada@example.com").build();
        let session = a_session();
        let sign_in = SignIn {
            session_id: Some(session.id),
            activated_at: Some(t0()),
            refresh: Some(a_refresh_chain()),
            ..a_sign_in(&user)
        };
        let attempt = Attempt { session_id: Some(session.id), sign_in_id: Some(sign_in.id), ..an_attempt(&user) };
        let challenge = Challenge { attempt_id: Some(attempt.id), ..a_challenge(&user, Purpose::VerifyEmail) };
        Self {
            password: PasswordHash::from_phc("$plain$one".to_owned()),
            attributes: Attributes::parse(r#"{"theme":"dark"}"#).unwrap(),
            cookie: a_token_hash(),
            ticket: a_ticket(&user),
            user,
            session,
            sign_in,
            attempt,
            challenge,
        }
    }

    fn write(&self, unit: &mut dyn UnitOfWork) -> Result<(), StorageError> {
        unit.accounts().insert(&self.user)?;
        unit.accounts().set_password(self.user.id, &self.password)?;
        unit.accounts().save_attributes(self.user.id, &self.attributes)?;
        unit.sessions().insert(&self.session, &self.cookie)?;
        unit.sessions().insert_sign_in(&self.sign_in)?;
        unit.proofs().insert_attempt(&self.attempt)?;
        unit.proofs().insert_challenge(&self.challenge)?;
        unit.proofs().insert_ticket(&self.ticket)?;
        let event = an_event(self.user.id, Action::UserCreated);
        append_event(unit, &AuditEvent { sign_in_id: Some(self.sign_in.id), ..event })?;
        unit.outbox().enqueue(&a_message())
    }

    /// What of it others can see: account, session, sign-in, attempt, challenge, ticket, password, attributes, audit trail.
    fn visible(&self, storage: &dyn Storage) -> [bool; 9] {
        let id = self.user.id;
        let in_unit = |look: &dyn Fn(&mut dyn UnitOfWork) -> Result<bool, StorageError>| {
            let mut unit = storage.begin().unwrap();
            look(&mut *unit).unwrap()
        };
        [
            account(storage, id).is_some(),
            read(storage, |queries| queries.session(&self.cookie, t0(), true)).is_some(),
            read(storage, |queries| queries.sign_in(id, self.sign_in.id, true)).is_some(),
            read(storage, |queries| queries.attempt(self.attempt.id)).is_some(),
            !read(storage, |queries| queries.challenges(id, self.challenge.purpose)).is_empty(),
            read(storage, |queries| queries.ticket(&self.ticket.hash, self.ticket.kind)).is_some(),
            in_unit(&|unit| Ok(unit.accounts().password(id)?.is_some())),
            in_unit(&|unit| Ok(unit.accounts().attributes(id)? != Attributes::default())),
            !read(storage, |queries| queries.audit_trail(id, 0, 10)).is_empty(),
        ]
    }
}

pub fn a_storage_that_works_is_ready(storage: &dyn Storage) {
    assert_eq!(storage.ready(), Ok(()));
}

pub fn r87_a_unit_that_was_committed_is_there_whole(storage: &dyn Storage) {
    let all = Everything::new();
    unit(storage, |unit| all.write(unit));
    assert_eq!(all.visible(storage), [true; 9]);
}

pub fn r87_a_unit_that_was_dropped_leaves_nothing(storage: &dyn Storage) {
    let all = Everything::new();
    let mut dropped = storage.begin().unwrap();
    all.write(&mut *dropped).unwrap();
    drop(dropped);
    assert_eq!(all.visible(storage), [false; 9]);
    unit(storage, |unit| all.write(unit));
}

pub fn r87_a_unit_whose_last_statement_failed_leaves_nothing(storage: &dyn Storage) {
    a_user().with_username("grace").stored_in(storage);
    let all = Everything::new();
    let rival = a_user().with_username("grace").build();
    let failed = once(storage, |unit| {
        all.write(unit)?;
        unit.accounts().insert(&rival)
    });
    let taken = StorageError::Taken(Unique::PreferredUsername);
    assert_eq!(failed, Err(taken));
    assert_eq!(all.visible(storage), [false; 9]);
}

pub fn nobody_else_sees_a_unit_before_it_is_committed(storage: &dyn Storage) {
    let all = Everything::new();
    let seen = |storage| {
        [
            account(storage, all.user.id).is_some(),
            read(storage, |queries| queries.session(&all.cookie, t0(), true)).is_some(),
            read(storage, |queries| queries.ticket(&all.ticket.hash, all.ticket.kind)).is_some(),
            !read(storage, |queries| queries.audit_trail(all.user.id, 0, 10)).is_empty(),
        ]
    };
    let mut unit = storage.begin().unwrap();
    all.write(&mut *unit).unwrap();
    assert_eq!(seen(storage), [false; 4]);
    unit.commit().unwrap();
    assert_eq!(seen(storage), [true; 4]);
}

pub fn a_unit_sees_its_own_writes(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").build();
    let next = changed(&user, |user| user.name = Some("Ada".to_owned()));
    let password = PasswordHash::from_phc("$plain$one".to_owned());
    let attributes = Attributes::parse(r#"{"theme":"dark"}"#).unwrap();
    unit(storage, |unit| {
        unit.accounts().insert(&user)?;
        assert_eq!(unit.accounts().lock(user.id)?, Some(user.clone()));
        unit.accounts().save(&user, &next)?;
        assert_eq!(unit.accounts().lock(user.id)?, Some(next.clone()));
        unit.accounts().set_password(user.id, &password)?;
        assert_eq!(unit.accounts().password(user.id)?, Some(password.clone()));
        unit.accounts().save_attributes(user.id, &attributes)?;
        assert_eq!(unit.accounts().attributes(user.id)?, attributes);
        Ok(())
    });
}

pub fn one_connection_reads_what_was_committed_meanwhile(storage: &dyn Storage) {
    let user = a_user().build();
    let mut queries = storage.read().unwrap();
    assert_eq!(queries.user(user.id), Ok(None));
    unit(storage, |unit| unit.accounts().insert(&user));
    assert_eq!(queries.user(user.id), Ok(Some(user)));
}

pub fn deleting_an_account_takes_all_that_hangs_on_it_but_its_trail(storage: &dyn Storage) {
    let all = Everything::new();
    unit(storage, |unit| all.write(unit));
    let bystander = a_user().with_email("grace@example.com").stored_in(storage);
    let trail = read(storage, |queries| queries.audit_trail(all.user.id, 0, 10));
    unit(storage, |unit| {
        unit.accounts().lock(all.user.id)?;
        unit.accounts().delete(all.user.id)
    });
    let [user, session, rest @ .., audit] = all.visible(storage);
    assert!(!user);
    assert!(session, "the browser is not the account's");
    assert_eq!(rest, [false; 6]);
    assert!(audit);

    let state = read(storage, |queries| queries.session(&all.cookie, t0(), true)).unwrap();
    assert_eq!((state.session, state.active), (all.session, None), "nobody is active in it any more");
    let kept = read(storage, |queries| queries.audit_trail(all.user.id, 0, 10));
    assert_eq!(kept, trail, "r80: not one value of the chain changed");
    assert_eq!(account(storage, bystander.id), Some(bystander));
}
