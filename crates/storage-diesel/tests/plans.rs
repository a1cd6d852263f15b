//! Every statement of accounts, sessions, proofs and the audit trail is answered by an index: none walks through a table.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

use selfsame_domain::{
    Action, Consent, Factor, IdentifierKind, PasswordHash, Picture, Purpose, Scopes, SignIn, User, Username,
};
use selfsame_ports::{ActivityFilter, Storage, StorageError};
use selfsame_storage_diesel::statements;
use selfsame_testing::builders::{
    a_challenge, a_device, a_message, a_passkey, a_pending_totp, a_refresh_chain, a_session, a_sign_in, a_ticket,
    a_token_hash, a_user, a_webhook_event, an_attempt, an_event, an_export, an_external_identity, an_idempotency_key,
    an_undo_point, append_event, fresh_id, t0, t0_plus,
};

use support::{SqliteDatabase, plan};

/// Asserts that no statement which `work` runs looks at each row of a table.
#[track_caller]
fn walks_through_no_table(at_least: usize, work: impl Fn(&dyn Storage, &User) -> Result<(), StorageError>) {
    let SqliteDatabase { storage, folder } = SqliteDatabase::new();
    let user = a_user().with_username("ada").with_email("ada@example.com").stored_in(&storage);
    let (done, mut ran) = statements::record(|| work(&storage, &user));
    assert_eq!(done, Ok(()));
    ran.retain(|statement| !["BEGIN", "COMMIT", "ROLLBACK"].iter().any(|word| statement.starts_with(word)));
    assert!(ran.len() >= at_least, "{ran:#?}");
    for statement in ran {
        let steps = plan(&folder, &statement);
        let is_table = |step: &String| step != "SCAN CONSTANT ROW" && !step.ends_with("VALUES CLAUSE");
        let walks = steps.iter().any(|step| step.starts_with("SCAN") && is_table(step));
        assert!(!walks, "{steps:#?}\n{statement}");
    }
}

#[test]
fn a_statement_that_walks_through_a_table_is_found_out() {
    let SqliteDatabase { folder, .. } = SqliteDatabase::new();
    assert_eq!(plan(&folder, "SELECT * FROM users WHERE name = ?"), ["SCAN users"]);
}

#[test]
fn callers_and_accounts_are_found_by_an_index() {
    walks_through_no_table(20, |storage, user| {
        let mut queries = storage.read()?;
        for with_attributes in [false, true] {
            queries.session(&a_token_hash(), t0(), with_attributes)?;
            queries.sign_in(user.id, a_sign_in(user).id, with_attributes)?;
        }
        queries.user(user.id)?;
        queries.attributes(user.id)?;
        queries.credentials(user.id)?;
        queries.by_identifier(IdentifierKind::Email, "ada@example.com")?;
        queries.unproven_claim(IdentifierKind::Email, "ada@example.com")?;
        queries.by_username("ada")?;
        queries.list_users(Some(user.id), 10)?;
        queries.count_live_sign_ins(user.id, t0())?;
        queries.live_sign_ins(user.id, t0(), Some((t0(), a_sign_in(user).id)), 10)?;
        queries.consents(user.id)?;
        queries.external_identities(user.id)?;
        queries.external_identity("https://id.example.com", "ada", false)?;
        queries.external_identity("https://id.example.com", "ada", true)?;
        queries.passkeys(user.id)?;
        queries.passkey(&a_passkey(user).credential_id)?;
        queries.earlier_passwords(user.id)?;
        queries.device(user.id, &a_token_hash())?;
        queries.devices(user.id, 0, t0(), 10)?;
        queries.pictures_in_use(&["a.webp".to_owned()])?;
        for actions in [None, Some(vec!["sign_in.started", "sign_in.ended"])] {
            let (since, until) = (t0(), t0_plus(10));
            queries.activity(user.id, &ActivityFilter { actions, first: 1, before: 9, since, until, limit: 10 })?;
        }
        queries.audit_trail(user.id, 0, 10).map(drop)
    });
}

#[test]
fn proofs_are_found_by_an_index() {
    walks_through_no_table(7, |storage, user| {
        let mut queries = storage.read()?;
        queries.open_attempts(a_session().id, t0())?;
        queries.attempt(an_attempt(user).id)?;
        queries.attempt_by_token(&a_token_hash())?;
        queries.challenges(user.id, Purpose::VerifyEmail)?;
        queries.challenge_of_attempt(an_attempt(user).id)?;
        queries.challenge_by_link(user.id, &a_token_hash())?;
        queries.used_ticket(&a_token_hash(), a_ticket(user).kind)?;
        queries.ticket(&a_token_hash(), a_ticket(user).kind).map(drop)
    });
}

#[test]
fn accounts_are_changed_by_an_index() {
    walks_through_no_table(24, |storage, user| {
        let mut unit = storage.begin()?;
        append_event(&mut *unit, &an_event(user.id, Action::ProfileUpdated))?;
        let before = unit.accounts().lock(user.id)?.unwrap();
        let mut after = before.clone();
        after.touch(t0());
        after.preferred_username = Some(Username::parse("grace").unwrap());
        after.picture = Some(Picture::Stored("a.webp".to_owned()));
        after.identifiers[0].is_primary = false;
        after.identifiers.extend(a_user().with_email("new@example.com").build().identifiers);
        unit.accounts().save(&before, &after)?;
        let last = User { identifiers: vec![], version: after.version + 1, ..after.clone() };
        unit.accounts().save(&after, &last)?;
        unit.accounts().save(&last, &last)?;
        let hash = PasswordHash::from_phc("$plain$one".to_owned());
        unit.accounts().set_password(user.id, &hash)?;
        unit.accounts().rehash(user.id, &hash, &hash)?;
        unit.accounts().password(user.id)?;
        unit.accounts().keep_password(user.id, 0, 5)?;
        unit.accounts().remove_password(user.id)?;
        let attributes = unit.accounts().attributes(user.id)?;
        unit.accounts().save_attributes(user.id, &attributes)?;
        unit.accounts().rival_claims(IdentifierKind::Email, "ada@example.com", user.id)?;
        let name = Username::parse("paypaI").unwrap();
        unit.accounts().hold_username(user.id, &name, t0())?;
        unit.accounts().is_username_held(&name, user.id, t0())?;
        unit.audit().erase_details(user.id)?;
        unit.accounts().delete(user.id)?;
        unit.commit()
    });
}

#[test]
fn sessions_and_proofs_are_changed_by_an_index() {
    walks_through_no_table(27, |storage, user| {
        let mut unit = storage.begin()?;
        let (session, chain, cookie) = (a_session(), a_refresh_chain(), a_token_hash());
        let sign_in = SignIn { session_id: Some(session.id), ..a_sign_in(user) };
        unit.sessions().insert(&session, &cookie)?;
        unit.sessions().lock(session.id)?;
        unit.sessions().replace_token(session.id, &cookie, &a_token_hash())?;
        unit.sessions().save(&session)?;
        unit.sessions().insert_sign_in(&sign_in)?;
        unit.sessions().sign_ins(session.id)?;
        unit.sessions().activate(user.id, sign_in.id, t0())?;
        unit.sessions().is_live(user.id, sign_in.id)?;
        unit.sessions().touch(user.id, sign_in.id, Some(session.id), t0())?;
        unit.sessions().set_assurance(user.id, sign_in.id, &sign_in.assurance)?;
        unit.sessions().start_refresh(user.id, sign_in.id, &chain)?;
        unit.sessions().rotate_refresh(user.id, sign_in.id, &chain, t0())?;
        unit.sessions().name_sign_in(user.id, sign_in.id, Some("name".to_owned()))?;
        unit.sessions().end_sign_in(user.id, sign_in.id, t0())?;
        unit.sessions().end_sign_ins_of(user.id, None, t0())?;
        unit.sessions().end_sign_ins_of_client(user.id, "app", t0())?;

        let (attempt, ticket) = (an_attempt(user), a_ticket(user));
        let challenge = a_challenge(user, Purpose::VerifyEmail);
        unit.proofs().insert_attempt(&attempt)?;
        unit.proofs().lock_attempt(attempt.id)?;
        unit.proofs().save_attempt(&attempt.satisfying(Factor::Email))?;
        unit.proofs().insert_challenge(&challenge)?;
        unit.proofs().consume_challenge(challenge.id, t0())?;
        unit.proofs().void_challenges(user.id, challenge.purpose, t0())?;
        unit.proofs().insert_ticket(&ticket)?;
        unit.proofs().consume_ticket(&ticket.hash, ticket.kind, t0())?;
        unit.proofs().void_tickets(user.id, ticket.kind, t0())?;

        let passkey = a_passkey(user);
        unit.passkeys().insert(&passkey)?;
        unit.passkeys().count(user.id)?;
        unit.passkeys().rename(user.id, passkey.id, "Work")?;
        unit.passkeys().record_use(user.id, passkey.id, 1, true, t0())?;
        unit.passkeys().remove(user.id, passkey.id)?;
        unit.commit()
    });
}

#[test]
fn idempotency_keys_are_found_by_an_index() {
    walks_through_no_table(6, |storage, _user| {
        let mut unit = storage.begin()?;
        let key = an_idempotency_key();
        unit.idempotency_keys().insert(&key)?;
        unit.idempotency_keys().lock(&key.hash)?;
        unit.idempotency_keys().mark_applied(&key.claimed(), t0())?;
        unit.idempotency_keys().keep_response(&key.claimed(), b"sealed")?;
        unit.idempotency_keys().remove(&key.claimed())?;
        unit.idempotency_keys().insert(&key)?;
        assert_eq!(unit.idempotency_keys().purge(t0_plus(99 * 86_400), 10), Ok(1));
        unit.commit()
    });
}

#[test]
fn events_for_a_replay_are_found_by_an_index() {
    walks_through_no_table(6, |storage, user| {
        let mut unit = storage.begin()?;
        let event = a_webhook_event();
        unit.webhook_events().insert(&event)?;
        unit.webhook_events().find(event.id)?;
        unit.webhook_events().page(event.id, 10)?;
        unit.webhook_events().erase(user.id)?;
        assert_eq!(unit.webhook_events().purge(fresh_id(), 10), Ok(1));
        unit.outbox().enqueue(&a_message())?;
        assert_eq!(unit.outbox().purge_left(fresh_id(), 10), Ok(1));
        Ok(())
    });
}

#[test]
fn consents_are_changed_by_an_index() {
    walks_through_no_table(4, |storage, user| {
        let mut unit = storage.begin()?;
        let scopes = Scopes::known_in("openid");
        let (created_at, updated_at) = (t0(), t0());
        let client_id = "app".to_owned();
        unit.consents().save(&Consent { user_id: user.id, client_id, scopes, created_at, updated_at })?;
        unit.consents().find(user.id, "app")?;
        unit.consents().remove(user.id, "app")?;
        unit.commit()
    });
}

#[test]
fn identities_of_other_issuers_are_changed_by_an_index() {
    walks_through_no_table(6, |storage, user| {
        let mut unit = storage.begin()?;
        let identity = an_external_identity(user);
        unit.external_identities().insert(&identity)?;
        unit.external_identities().find(&identity.issuer, &identity.subject)?;
        unit.external_identities().save(&identity)?;
        unit.external_identities().of_user(user.id)?;
        unit.external_identities().remove(identity.id)?;
        unit.sessions().end_sign_ins_of(user.id, None, t0())?;
        unit.commit()
    });
}

#[test]
fn devices_and_origins_are_changed_by_an_index() {
    walks_through_no_table(9, |storage, user| {
        let mut unit = storage.begin()?;
        let (device, token) = (a_device(user), a_token_hash());
        unit.devices().insert(&device, &token)?;
        unit.devices().activate(user.id, &token, &a_token_hash(), t0(), t0_plus(9))?;
        unit.devices().note_use(user.id, &token, 0, None, t0())?;
        unit.devices().remove(user.id, device.id)?;
        unit.devices().remove_all(user.id)?;
        unit.devices().note_origin(user.id, &[7; 32], t0())?;
        unit.devices().insert(&device, &token)?;
        let later = t0_plus(99 * 86_400);
        assert_eq!(unit.devices().purge(later, 10), Ok(1));
        assert_eq!(unit.devices().purge_origins(later, 10), Ok(1));
        unit.commit()
    });
}

#[test]
fn second_factors_are_found_and_changed_by_an_index() {
    walks_through_no_table(22, |storage, user| {
        let mut queries = storage.read()?;
        queries.totp(user.id)?;
        queries.pending_totp(user.id)?;
        queries.list_totps(Some(user.id), 10)?;
        drop(queries);
        let mut unit = storage.begin()?;
        let sign_in = a_sign_in(user);
        unit.sessions().insert_sign_in(&sign_in)?;
        unit.sessions().set_assurance(user.id, sign_in.id, &sign_in.assurance)?;
        let pending = a_pending_totp(user);
        unit.second_factors().begin_totp(&pending)?;
        unit.second_factors().confirm_totp(&pending, 7, t0())?;
        unit.second_factors().use_totp(user.id, 8, &pending.sealed)?;
        unit.second_factors().reseal_totp(user.id, &pending.sealed, &pending.sealed)?;
        unit.second_factors().set_backup_codes(user.id, &[[7; 32], [8; 32]])?;
        unit.second_factors().use_backup_code(user.id, &[7; 32], t0())?;
        unit.second_factors().backup_codes(user.id)?;
        unit.second_factors().used_backup_codes(user.id)?;
        assert_eq!(unit.second_factors().purge_used_backup_codes(t0_plus(99), 10), Ok(1));
        if let Some(totp) = unit.second_factors().totp(user.id)? {
            unit.second_factors().restore_totp(&totp)?;
        }
        unit.second_factors().remove_totp(user.id)?;
        unit.second_factors().begin_totp(&pending)?;
        assert_eq!(unit.second_factors().purge_pending_totps(t0_plus(99), 10), Ok(1));
        unit.commit()
    });
}

#[test]
fn exports_are_found_and_changed_by_an_index() {
    walks_through_no_table(9, |storage, user| {
        let export = an_export(user);
        let mut queries = storage.read()?;
        queries.export(user.id, export.id)?;
        queries.exports(user.id, 10)?;
        queries.expired_exports(t0(), 10)?;
        queries.archives_in_use(&["a".to_owned()])?;
        drop(queries);
        let mut unit = storage.begin()?;
        unit.exports().insert(&export)?;
        unit.exports().lock(export.id)?;
        unit.exports().save(&export)?;
        unit.exports().of_user(user.id)?;
        assert_eq!(unit.exports().purge(t0_plus(99 * 86_400), 10), Ok(1));
        unit.exports().remove(export.id)?;
        Ok(())
    });
}

#[test]
fn undo_points_are_found_and_removed_by_an_index() {
    walks_through_no_table(9, |storage, user| {
        let mut unit = storage.begin()?;
        let point = an_undo_point(user);
        unit.undo_points().insert(&point)?;
        unit.undo_points().find(user.id, point.sequence)?;
        unit.undo_points().take(user.id, point.sequence)?;
        unit.undo_points().insert(&point)?;
        assert_eq!(unit.undo_points().purge(t0_plus(99 * 86_400), 10), Ok(1));
        unit.passkeys().list(user.id)?;
        unit.passkeys().owner(&a_passkey(user).credential_id)?;
        unit.accounts().is_proven_by_another(IdentifierKind::Email, "ada@example.com", user.id)?;
        unit.commit()
    });
}

#[test]
fn what_is_cleared_away_is_found_by_an_index() {
    walks_through_no_table(18, |storage, user| {
        let mut unit = storage.begin()?;
        let (session, cookie) = (a_session(), a_token_hash());
        unit.sessions().insert(&session, &cookie)?;
        for ended_at in [None, Some(t0())] {
            unit.sessions().insert_sign_in(&SignIn { ended_at, ..a_sign_in(user) })?;
        }
        unit.proofs().insert_attempt(&an_attempt(user))?;
        unit.proofs().insert_challenge(&a_challenge(user, Purpose::VerifyEmail))?;
        unit.proofs().insert_ticket(&a_ticket(user))?;
        unit.accounts().hold_username(user.id, &Username::parse("lovelace").unwrap(), t0())?;
        let later = t0_plus(99 * 86_400);
        assert_eq!(unit.accounts().purge_username_holds(later, 10), Ok(1));
        assert_eq!(unit.proofs().purge_attempts(later, 10), Ok(1));
        assert_eq!(unit.proofs().purge_challenges(later, 10), Ok(1));
        assert_eq!(unit.proofs().purge_tickets(later, 10), Ok(1));
        assert_eq!(unit.sessions().purge(later, 10), Ok(3));
        assert_eq!(unit.accounts().due_deletions(later, 10), Ok(vec![]));
        assert_eq!(unit.accounts().purge_unproven(later, 10), Ok(1));
        unit.commit()
    });
}
