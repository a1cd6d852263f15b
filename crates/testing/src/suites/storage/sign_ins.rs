//! Sign-ins: live until they are ended, once.

use selfsame_domain::{Assurance, Attempt, Factor, Factors, RefreshChain, Session, SignIn, User, UserId};
use selfsame_ports::{SignInState, Storage, StorageError};

use super::{
    sessions::stored_session,
    support::{once, read, unit},
};
use crate::{
    builders::{a_refresh_chain, a_session, a_sign_in, a_token_hash, a_user, an_attempt, fresh_id, t0, t0_plus},
    suites::threads::{together, winners},
};

/// A sign-in in storage.
pub(super) fn stored_sign_in(storage: &dyn Storage, user: &User) -> SignIn {
    stored(storage, a_sign_in(user))
}

/// The sign-in, put into storage.
pub(super) fn stored(storage: &dyn Storage, sign_in: SignIn) -> SignIn {
    unit(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    sign_in
}

/// The sign-in as it is stored.
pub(super) fn found(storage: &dyn Storage, sign_in: &SignIn) -> Option<SignIn> {
    let found = read(storage, |queries| queries.sign_in(sign_in.user_id, sign_in.id, false));
    found.map(|state| state.sign_in)
}

fn live(storage: &dyn Storage, user: UserId) -> i64 {
    read(storage, |queries| queries.count_live_sign_ins(user, t0()))
}

fn end(storage: &dyn Storage, sign_in: &SignIn, seconds: i64) -> bool {
    unit(storage, |unit| unit.sessions().end_sign_in(sign_in.user_id, sign_in.id, t0_plus(seconds)))
}

pub fn a_sign_in_reads_back_with_its_account(storage: &dyn Storage) {
    let user = a_user().with_email("ada@example.com").with_phone("+31612345678").stored_in(storage);
    let (session, _) = stored_session(storage);
    let in_browser = SignIn {
        session_id: Some(session.id),
        assurance: Assurance { authenticated_at: t0_plus(1), methods: Factors::of([Factor::Email, Factor::Password]) },
        activated_at: Some(t0_plus(2)),
        last_active_at: t0_plus(3),
        ..a_sign_in(&user)
    };
    let by_tokens = SignIn {
        assurance: Assurance { methods: Factors::of([Factor::Email]), ..in_browser.assurance.clone() },
        refresh: Some(RefreshChain { generation: 1 << 40, rotated_at: t0_plus(4), ..a_refresh_chain() }),
        ..a_sign_in(&user)
    };
    let bare = SignIn {
        assurance: Assurance { methods: Factors::default(), ..by_tokens.assurance.clone() },
        ip: None,
        user_agent: None,
        ended_at: Some(t0_plus(9)),
        ..a_sign_in(&user)
    };
    for sign_in in [in_browser, by_tokens, bare].map(|sign_in| stored(storage, sign_in)) {
        let read_back = read(storage, |queries| queries.sign_in(user.id, sign_in.id, false));
        assert_eq!(read_back, Some(SignInState { sign_in, user: user.clone(), attributes: None }));
    }
}

pub fn the_sign_ins_of_a_session_read_back_whole(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, token) = stored_session(storage);
    let sign_in = SignIn {
        session_id: Some(session.id),
        assurance: Assurance { authenticated_at: t0_plus(1), methods: Factors::of([Factor::Email]) },
        activated_at: Some(t0_plus(2)),
        refresh: Some(a_refresh_chain()),
        ..a_sign_in(&user)
    };
    let sign_in = stored(storage, sign_in);
    let state = read(storage, |queries| queries.session(&token, t0(), false)).expect("the session is there");
    assert_eq!(state.sign_ins, [(sign_in.clone(), user)]);
    let listed = unit(storage, |unit| unit.sessions().sign_ins(session.id));
    assert_eq!(listed, [sign_in]);
}

pub fn live_sign_ins_of_an_account_are_listed_with_the_one_used_last_first(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let (session, _) = stored_session(storage);
    let used_at = |seconds: i64| SignIn { last_active_at: t0_plus(seconds), ..a_sign_in(&ada) };
    let early = stored(storage, SignIn { session_id: Some(session.id), ..used_at(1) });
    let late = stored(storage, used_at(3));
    let between = stored(storage, used_at(2));
    let ended = stored(storage, used_at(4));
    end(storage, &ended, 5);
    stored(storage, SignIn { expires_at: t0(), ..used_at(5) });
    stored_sign_in(storage, &grace);
    let listed = |limit| read(storage, |queries| queries.live_sign_ins(ada.id, t0(), None, limit));
    assert_eq!(listed(10), [late.clone(), between.clone(), early]);
    assert_eq!(listed(2), [late, between]);
}

pub fn live_sign_ins_are_listed_in_pages_also_where_many_were_used_at_once(storage: &dyn Storage) {
    let ada = a_user().stored_in(storage);
    let used_at = |seconds| stored(storage, SignIn { last_active_at: t0_plus(seconds), ..a_sign_in(&ada) });
    let mut all: Vec<SignIn> = [3, 1, 2, 2, 2, 2, 4].map(used_at).into();
    all.sort_by_key(|sign_in| std::cmp::Reverse((sign_in.last_active_at, sign_in.id)));
    let mut seen: Vec<SignIn> = Vec::new();
    loop {
        let after = seen.last().map(|last| (last.last_active_at, last.id));
        let page = read(storage, |queries| queries.live_sign_ins(ada.id, t0(), after, 2));
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, all);
}

pub fn an_unknown_sign_in_is_none(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let of_ada = stored_sign_in(storage, &ada);
    let unknown = [SignIn { id: fresh_id(), ..of_ada.clone() }, SignIn { user_id: grace.id, ..of_ada }];
    for sign_in in unknown {
        assert_eq!(found(storage, &sign_in), None);
    }
}

pub fn a_sign_in_id_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let sign_in = stored_sign_in(storage, &a_user().stored_in(storage));
    let again = once(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    assert_eq!(again, Err(StorageError::Conflict));
}

pub fn touching_a_sign_in_says_when_it_and_its_session_were_used(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, token) = stored_session(storage);
    let [in_browser, other] =
        [(); 2].map(|()| stored(storage, SignIn { session_id: Some(session.id), ..a_sign_in(&user) }));
    let by_tokens = stored_sign_in(storage, &user);
    let touch = |sign_in: &SignIn, seconds| {
        unit(storage, |unit| unit.sessions().touch(sign_in.user_id, sign_in.id, sign_in.session_id, t0_plus(seconds)))
    };
    let touched = |sign_in: &SignIn, seconds| Some(SignIn { last_active_at: t0_plus(seconds), ..sign_in.clone() });
    let state = || read(storage, |queries| queries.session(&token, t0(), false)).map(|state| state.session);
    assert!(touch(&in_browser, 60));
    assert_eq!(found(storage, &in_browser), touched(&in_browser, 60));
    assert_eq!(state(), Some(Session { last_seen_at: t0_plus(60), ..session.clone() }));
    assert!(touch(&by_tokens, 70));
    assert_eq!(found(storage, &by_tokens), touched(&by_tokens, 70));
    assert_eq!(state(), Some(Session { last_seen_at: t0_plus(60), ..session }), "it came in no session");
    assert_eq!(found(storage, &other), Some(other));
    unit(storage, |unit| unit.sessions().end_sign_in(by_tokens.user_id, by_tokens.id, t0_plus(80)));
    let ended = found(storage, &by_tokens);
    assert!(!touch(&by_tokens, 90), "it has ended");
    assert_eq!(found(storage, &by_tokens), ended);
    assert!(!touch(&SignIn { user_id: a_user().stored_in(storage).id, ..in_browser }, 90), "it is another account's");
}

pub fn r43_a_sign_in_is_live_until_it_ends_and_only_for_its_account(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let [sign_in, other] = [(); 2].map(|()| stored_sign_in(storage, &ada));
    let is_live = |user: &User, sign_in: &SignIn| unit(storage, |unit| unit.sessions().is_live(user.id, sign_in.id));
    assert!(is_live(&ada, &sign_in));
    assert!(!is_live(&grace, &sign_in), "it is another account's");
    assert!(!is_live(&ada, &SignIn { id: fresh_id(), ..sign_in.clone() }));
    assert!(end(storage, &sign_in, 5));
    assert!(!is_live(&ada, &sign_in));
    assert!(is_live(&ada, &other));
    assert_eq!(found(storage, &other), Some(other), "asking is no use of it");
}

pub fn a_sign_in_ends_once_and_keeps_the_instant(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, _) = stored_session(storage);
    let made = |seconds| SignIn {
        session_id: Some(session.id),
        activated_at: Some(t0_plus(seconds)),
        refresh: Some(a_refresh_chain()),
        ..a_sign_in(&user)
    };
    let [sign_in, other] = [1, 2].map(|seconds| stored(storage, made(seconds)));
    assert!(end(storage, &sign_in, 5));
    assert!(!end(storage, &sign_in, 6));
    let ended = SignIn { ended_at: Some(t0_plus(5)), activated_at: None, ..sign_in.clone() };
    assert_eq!(found(storage, &sign_in), Some(ended));
    assert_eq!(found(storage, &other), Some(other));
}

pub fn a_sign_in_that_does_not_exist_cannot_end(storage: &dyn Storage) {
    let [ada, grace] = [(); 2].map(|()| a_user().stored_in(storage));
    let of_ada = stored_sign_in(storage, &ada);
    assert!(!end(storage, &SignIn { id: fresh_id(), ..of_ada.clone() }, 5));
    assert!(!end(storage, &SignIn { user_id: grace.id, ..of_ada.clone() }, 5), "of another account");
    assert_eq!(found(storage, &of_ada), Some(of_ada));
}

pub fn a_sign_in_that_twenty_threads_end_is_ended_by_one(storage: &dyn Storage) {
    let sign_in = stored_sign_in(storage, &a_user().stored_in(storage));
    let answers = together(20, |_| end(storage, &sign_in, 0));
    assert_eq!(winners(&answers), 1);
}

pub fn r21_all_sign_ins_of_an_account_end_but_one(storage: &dyn Storage) {
    let ada = a_user().stored_in(storage);
    let grace = a_user().stored_in(storage);
    let [kept, gone, over] = [(); 3].map(|()| stored_sign_in(storage, &ada));
    let foreign = stored_sign_in(storage, &grace);
    let end_all = |except| unit(storage, |unit| unit.sessions().end_sign_ins_of(ada.id, except, t0_plus(5)));
    assert!(end(storage, &over, 1));

    assert_eq!(end_all(Some(kept.id)), 1);
    let ended_at = |sign_in| found(storage, sign_in).and_then(|found| found.ended_at);
    assert_eq!(ended_at(&kept), None);
    assert_eq!(ended_at(&gone), Some(t0_plus(5)));
    assert_eq!(ended_at(&over), Some(t0_plus(1)));

    assert_eq!(end_all(None), 1);
    assert_eq!(ended_at(&kept), Some(t0_plus(5)));
    assert_eq!(ended_at(&foreign), None);
}

pub fn live_sign_ins_are_neither_ended_nor_expired(storage: &dyn Storage) {
    let ada = a_user().stored_in(storage);
    let grace = a_user().stored_in(storage);
    let ended = SignIn { ended_at: Some(t0()), ..a_sign_in(&ada) };
    let expired = SignIn { expires_at: t0(), ..a_sign_in(&ada) };
    let last_moment = SignIn { expires_at: t0() + chrono::Duration::milliseconds(1), ..a_sign_in(&ada) };
    for sign_in in [ended, expired, last_moment, a_sign_in(&ada), a_sign_in(&grace)] {
        stored(storage, sign_in);
    }
    assert_eq!(live(storage, ada.id), 2);
    assert_eq!(live(storage, grace.id), 1);
    assert_eq!(live(storage, fresh_id()), 0);
}

pub fn purging_removes_the_sign_ins_that_ended_or_expired_before(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let ended = |seconds| SignIn { ended_at: Some(t0_plus(seconds)), ..a_sign_in(&user) };
    let expired = |seconds| SignIn { expires_at: t0_plus(seconds), ..a_sign_in(&user) };
    let all = [ended(-1), expired(-1), ended(0), expired(0), a_sign_in(&user)];
    let all = all.map(|sign_in| stored(storage, sign_in));
    let purged = unit(storage, |unit| unit.sessions().purge(t0(), 10));
    assert_eq!(purged, 2);
    let left = all.map(|sign_in| found(storage, &sign_in).is_some());
    assert_eq!(left, [false, false, true, true, true]);
}

pub fn sessions_and_sign_ins_are_purged_in_portions(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let over = [(Some(t0_plus(-1)), t0_plus(1)), (None, t0_plus(-1)), (Some(t0_plus(-1)), t0_plus(-1))];
    for (ended_at, expires_at) in over.into_iter().cycle().take(12) {
        stored(storage, SignIn { ended_at, expires_at, ..a_sign_in(&user) });
    }
    for _ in 0..5 {
        let session = Session { expires_at: t0_plus(-1), ..a_session() };
        unit(storage, |unit| unit.sessions().insert(&session, &a_token_hash()));
    }
    let purge = || unit(storage, |unit| unit.sessions().purge(t0(), 2));
    let mut rows = 0;
    loop {
        let portion = purge();
        assert!(portion <= 6, "two ended, two expired and two sessions");
        rows += portion;
        if portion < 2 {
            break;
        }
    }
    assert_eq!((rows, purge()), (17, 0));
}

pub fn a_session_outlives_the_sign_in_that_was_active_in_it(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, token) = stored_session(storage);
    let ended = SignIn {
        session_id: Some(session.id),
        activated_at: Some(t0_plus(-2)),
        ended_at: Some(t0_plus(-1)),
        ..a_sign_in(&user)
    };
    stored(storage, ended.clone());
    let state = || read(storage, |queries| queries.session(&token, t0(), false)).expect("the session is there");
    assert_eq!(state().active, Some(ended.id));
    let purged = unit(storage, |unit| unit.sessions().purge(t0(), 10));
    assert_eq!(purged, 1);
    assert_eq!((state().session, state().active), (session, None));
}

pub fn a_purged_session_takes_its_sign_ins_and_attempts_along(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let (session, _) = stored_session(storage);
    let in_session = SignIn {
        session_id: Some(session.id),
        expires_at: session.expires_at + chrono::Duration::days(1),
        ..a_sign_in(&user)
    };
    let attempt = Attempt { session_id: Some(session.id), ..an_attempt(&user) };
    stored(storage, in_session.clone());
    unit(storage, |unit| unit.proofs().insert_attempt(&attempt));
    let after = session.expires_at + chrono::Duration::seconds(1);
    let purged = unit(storage, |unit| unit.sessions().purge(after, 10));
    assert_eq!(purged, 2, "the session and its sign-in");
    assert_eq!(found(storage, &in_session), None);
    let attempt = read(storage, |queries| queries.attempt(attempt.id));
    assert_eq!(attempt, None);
}

pub fn r33_another_proof_is_written_to_a_sign_in_that_has_not_ended(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let other = a_user().stored_in(storage);
    let sign_in = a_sign_in(&user);
    unit(storage, |unit| unit.sessions().insert_sign_in(&sign_in));
    let assurance = sign_in.assurance.proven_again(Factor::Totp, t0_plus(9));
    let write = |user| unit(storage, |unit| unit.sessions().set_assurance(user, sign_in.id, &assurance));
    assert!(!write(other.id), "not for another account");
    assert!(write(user.id));
    let stored = read(storage, |queries| queries.sign_in(user.id, sign_in.id, false)).unwrap().sign_in;
    assert_eq!(stored, SignIn { assurance: assurance.clone(), ..sign_in.clone() });
    unit(storage, |unit| unit.sessions().end_sign_in(user.id, sign_in.id, t0_plus(10)));
    assert!(!write(user.id));
}
