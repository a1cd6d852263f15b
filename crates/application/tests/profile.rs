//! Profile, pictures and e-mail change, over memory and fakes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod common;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use common::*;
use selfsame_application::{
    Authenticate, Caller, Credential, Fault,
    identifiers::confirm_change::{ConfirmEmailChange, ConfirmEmailChangeError},
    identifiers::request_change::{RequestEmailChange, RequestEmailChangeError},
    identifiers::request_verification::{
        EmailVerificationRequest, RequestEmailVerification, RequestEmailVerificationError,
    },
    identifiers::verify::{EmailProof, VerifyEmail, VerifyEmailError},
    password::change::{ChangePassword, ChangePasswordError, OwnSignIn},
    password::request_reset::RequestPasswordReset,
    password::reset::{ResetPassword, ResetPasswordError},
    profile::update::{NewPicture, UpdateProfile, UpdateProfileError},
    sessions::end::EndSignIn,
};
use selfsame_domain::{
    Action, Attributes, Change, Claim, Difference, IdentifierKind, Password, Picture, ProfilePatch, Rule, Violation,
};
use selfsame_ports::{BlobError, Mail, PictureError, Queries, Storage, StorageError, UnitOfWork};
use selfsame_testing::{fakes::FakePictures, memory::MemoryStorage};
use serde_json::json;

const EMAIL: &str = "ada@example.com";

fn caller(test: &TestCore) -> Caller {
    test.verified_user(EMAIL);
    test.caller(&test.tokens(EMAIL))
}

fn patch(patch: ProfilePatch) -> UpdateProfile {
    UpdateProfile { patch, context: context(), ..UpdateProfile::default() }
}

fn name(name: &str) -> UpdateProfile {
    patch(ProfilePatch { name: Change::Set(name.to_owned()), ..ProfilePatch::default() })
}

fn merge(json: &serde_json::Value) -> UpdateProfile {
    patch(ProfilePatch { attributes: Some(Attributes::parse(&json.to_string()).unwrap()), ..ProfilePatch::default() })
}

fn picture(picture: NewPicture) -> UpdateProfile {
    UpdateProfile { picture: Change::Set(picture), context: context(), ..UpdateProfile::default() }
}

#[test]
fn r79_a_change_is_audited_with_old_and_new_values_in_a_chain_that_holds() {
    let test = TestCore::new();
    let caller = caller(&test);
    name("Ada").execute(&test.core, &caller).unwrap();
    tick(&test);
    name("Ada Lovelace").execute(&test.core, &caller).unwrap();
    let trail = trail(&test, caller.user.id);
    let last = trail.last().unwrap();
    assert_eq!(last.action, Action::ProfileUpdated.as_str());
    assert_eq!(last.actor, caller.user.id.to_string());
    let difference = Difference { pointer: "/name".into(), old: json!("Ada"), new: json!("Ada Lovelace") };
    assert_eq!(last.read_details().unwrap().changes, [difference]);
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let test = TestCore::new();
    let caller = caller(&test);
    let once = name("Ada").execute(&test.core, &caller).unwrap().user;
    let twice = name("Ada").execute(&test.core, &caller).unwrap().user;
    assert_eq!((twice.version, twice.updated_at), (once.version, once.updated_at));
    assert_eq!(count_events(&test, caller.user.id, Action::ProfileUpdated), 1);
}

#[test]
fn fifty_parallel_merges_of_different_keys_lose_nothing() {
    let test = TestCore::new();
    let caller = caller(&test);
    thread::scope(|scope| {
        for number in 0..50 {
            let (test, caller) = (&test, &caller);
            scope.spawn(move || {
                merge(&json!({ format!("key{number}"): number })).execute(&test.core, caller).unwrap();
            });
        }
    });
    let user = test.caller(&test.tokens(EMAIL)).user;
    let attributes = test.storage.begin().unwrap().accounts().attributes(user.id).unwrap();
    assert_eq!(attributes.0.len(), 50);
    assert_eq!(user.version, caller.user.version + 50);
}

#[test]
fn attributes_must_hold_against_the_operators_schema() {
    let test = TestCore::with_schema(&json!({
        "type": "object",
        "properties": {"bio": {"type": "string", "maxLength": 10}},
        "additionalProperties": false,
    }));
    let caller = caller(&test);
    merge(&json!({"bio": "short"})).execute(&test.core, &caller).unwrap();
    let refused = merge(&json!({"bio": "much too long", "x": 1})).execute(&test.core, &caller).unwrap_err();
    let UpdateProfileError::Invalid(violations) = refused else { panic!("{refused:?}") };
    assert_eq!(violations.0.len(), 2);
    assert!(violations.0.iter().any(|v| matches!(&v.rule, Rule::Schema { pointer, .. } if pointer == "/bio")));
}

#[test]
fn r68_a_stale_version_changes_nothing() {
    let test = TestCore::new();
    let caller = caller(&test);
    let expecting = |version| UpdateProfile { expected_version: Some(version), ..name("Ada") };
    let current = expecting(caller.user.version).execute(&test.core, &caller).unwrap().user.version;
    let stale = expecting(caller.user.version).execute(&test.core, &caller).unwrap_err();
    assert_eq!(stale, UpdateProfileError::VersionMismatch { current });
}

#[test]
fn r71_a_picture_is_stored_under_the_hash_of_what_it_became() {
    let test = TestCore::new();
    let caller = caller(&test);
    let bytes = FakePictures::a_picture(1);
    let user = picture(NewPicture::Bytes(bytes.clone())).execute(&test.core, &caller).unwrap().user;
    let Some(Picture::Stored(name)) = user.picture else { panic!() };
    let files = [name.clone()];
    assert_eq!(test.blobs.names(), files);
    let again = picture(NewPicture::Bytes(bytes)).execute(&test.core, &caller).unwrap().user;
    assert_eq!((again.version, again.picture), (user.version, Some(Picture::Stored(name))));
    assert_eq!(test.blobs.names(), files);
}

/// Uploads picture number so and so; returns the name of its file.
fn upload(test: &TestCore, caller: &Caller, number: u8) -> String {
    let user = picture(NewPicture::Bytes(FakePictures::a_picture(number))).execute(&test.core, caller).unwrap().user;
    let Some(Picture::Stored(name)) = user.picture else { panic!() };
    name
}

#[test]
fn r72_a_file_goes_when_another_picture_takes_its_place_or_none() {
    let test = TestCore::new();
    let caller = caller(&test);
    let first = upload(&test, &caller, 1);
    let second = upload(&test, &caller, 2);
    assert_ne!(first, second);
    assert_eq!(test.blobs.names(), [second]);
    let link = picture(NewPicture::Uri("https://example.com/avatar.jpg".into()));
    link.execute(&test.core, &caller).unwrap();
    assert!(test.blobs.names().is_empty());
    upload(&test, &caller, 1);
    let none = UpdateProfile { picture: Change::Clear, context: context(), ..UpdateProfile::default() };
    none.execute(&test.core, &caller).unwrap();
    assert!(test.blobs.names().is_empty());
}

#[test]
fn r72_a_file_belongs_to_one_account_whoever_else_has_the_same_picture() {
    let test = TestCore::new();
    let ada = caller(&test);
    test.verified_user("bob@example.com");
    let bob = test.caller(&test.tokens("bob@example.com"));
    let (of_ada, of_bob) = (upload(&test, &ada, 1), upload(&test, &bob, 1));
    assert_ne!(of_ada[..64], of_bob[..64]);
    upload(&test, &ada, 2);
    assert!(test.blobs.names().contains(&of_bob) && !test.blobs.names().contains(&of_ada));
}

#[test]
fn r72_a_change_that_is_refused_stores_no_file() {
    let test = TestCore::with_schema(&json!({"maxProperties": 1}));
    let caller = caller(&test);
    let with_picture = |update: UpdateProfile| {
        let bytes = FakePictures::a_picture(1);
        UpdateProfile { picture: Change::Set(NewPicture::Bytes(bytes)), ..update }.execute(&test.core, &caller)
    };
    let locale = patch(ProfilePatch { locale: Change::Set("no locale".into()), ..ProfilePatch::default() });
    // Had it tried to store the file, the outage would be the answer.
    test.blobs.fail_with(Some(BlobError::Unavailable("full".into())));
    for refused in [locale, merge(&json!({"a": 1, "b": 2}))] {
        assert!(matches!(with_picture(refused), Err(UpdateProfileError::Invalid(_))));
    }
    let stale = UpdateProfile { expected_version: Some(caller.user.version - 1), ..name("Ada") };
    assert!(matches!(with_picture(stale), Err(UpdateProfileError::VersionMismatch { .. })));
    assert!(matches!(with_picture(name("Ada")), Err(UpdateProfileError::Fault(Fault::Unavailable(_)))));
}

#[test]
fn r72_the_file_of_a_change_that_failed_is_deleted_and_the_one_in_force_is_not() {
    let test = TestCore::new();
    let caller = caller(&test);
    let in_force = [upload(&test, &caller, 1)];
    let try_again = |number, expected_version| {
        let picture = picture(NewPicture::Bytes(FakePictures::a_picture(number)));
        UpdateProfile { expected_version, ..picture }.execute(&test.core, &caller).unwrap_err()
    };
    for number in [1, 2] {
        // The caller's account is as it was when they were authenticated: somebody has been faster since.
        let stale = try_again(number, Some(caller.user.version));
        assert_eq!(stale, UpdateProfileError::VersionMismatch { current: caller.user.version + 1 });
        (0..4).for_each(|_| test.storage.fail_next_commit(StorageError::Conflict));
        assert_eq!(try_again(number, None), UpdateProfileError::Fault(Fault::Contended));
        assert_eq!(test.blobs.names(), in_force);
    }
}

#[test]
fn r87_a_file_stays_when_nobody_knows_whether_its_change_was_committed() {
    let test = TestCore::new();
    let caller = caller(&test);
    test.storage.fail_next_commit(StorageError::Unavailable("gone".into()));
    let lost = picture(NewPicture::Bytes(FakePictures::a_picture(1))).execute(&test.core, &caller).unwrap_err();
    assert!(matches!(lost, UpdateProfileError::Fault(Fault::Unavailable(_))));
    assert_eq!(test.blobs.names().len(), 1);
}

#[test]
fn r72_a_file_that_cannot_be_deleted_does_not_undo_the_change() {
    let test = TestCore::new();
    let caller = caller(&test);
    upload(&test, &caller, 1);
    test.blobs.fail_with(Some(BlobError::Unavailable("away".into())));
    let none = UpdateProfile { picture: Change::Clear, context: context(), ..UpdateProfile::default() };
    assert_eq!(none.execute(&test.core, &caller).unwrap().user.picture, None);
}

#[test]
fn r72_of_pictures_uploaded_at_once_the_file_in_force_is_kept_and_no_other() {
    let test = TestCore::with(|_, limits| limits.enabled = false);
    let caller = caller(&test);
    thread::scope(|scope| {
        for number in 0..24 {
            let (test, caller) = (&test, &caller);
            scope.spawn(move || upload(test, caller, number % 2));
        }
    });
    let user = test.caller(&test.tokens(EMAIL)).user;
    let Some(Picture::Stored(name)) = user.picture else { panic!() };
    assert_eq!(test.blobs.names(), [name]);
}

#[test]
fn r72_a_user_uploads_so_many_pictures_and_no_more() {
    let test = TestCore::new();
    let ada = caller(&test);
    test.pictures.fail_next(PictureError::Busy);
    let busy = picture(NewPicture::Bytes(FakePictures::a_picture(1))).execute(&test.core, &ada).unwrap_err();
    assert!(matches!(busy, UpdateProfileError::Fault(Fault::Unavailable(_))), "which costs nothing");
    (0..10).for_each(|number| drop(upload(&test, &ada, number)));
    let refused = |picture: UpdateProfile| picture.execute(&test.core, &ada).unwrap_err();
    for bytes in [FakePictures::a_picture(11), b"<svg/>".to_vec()] {
        let limited = refused(picture(NewPicture::Bytes(bytes)));
        assert!(matches!(limited, UpdateProfileError::Fault(Fault::Limited(_))));
    }
    picture(NewPicture::Uri("https://example.com/a.jpg".into())).execute(&test.core, &ada).unwrap();
    test.verified_user("bob@example.com");
    upload(&test, &test.caller(&test.tokens("bob@example.com")), 1);
    test.clock.advance(std::time::Duration::from_mins(1));
    upload(&test, &ada, 12);
}

#[test]
fn r71_what_is_no_picture_is_refused_together_with_whatever_else_is_wrong() {
    let test = TestCore::new();
    let caller = caller(&test);
    let bad = UpdateProfile {
        picture: Change::Set(NewPicture::Bytes(b"<svg/>".to_vec())),
        ..patch(ProfilePatch { locale: Change::Set("no locale".into()), ..ProfilePatch::default() })
    };
    let UpdateProfileError::Invalid(violations) = bad.execute(&test.core, &caller).unwrap_err() else { panic!() };
    assert_eq!(
        violations.0,
        [Violation::new(Claim::Picture, Rule::UnsupportedMedia), Violation::new(Claim::Locale, Rule::Malformed)]
    );
    assert!(test.blobs.names().is_empty());
}

#[test]
fn an_https_link_is_kept_and_never_fetched() {
    let test = TestCore::new();
    let caller = caller(&test);
    let link = "https://example.com/avatar.jpg";
    let user = picture(NewPicture::Uri(link.into())).execute(&test.core, &caller).unwrap().user;
    assert_eq!(user.picture, Some(Picture::Link(link.into())));
    assert!(test.blobs.names().is_empty());
}

#[test]
fn asking_for_a_proof_of_a_proven_address_sends_nothing() {
    let test = TestCore::new();
    let caller = caller(&test);
    let asked = RequestEmailVerification { context: context() }.execute(&test.core, &caller).unwrap();
    assert_eq!((asked, test.mails().len()), (EmailVerificationRequest::AlreadyVerified, 0));
}

#[test]
fn r9_an_address_changes_when_the_new_one_is_proven_and_the_old_one_is_told() {
    let test = TestCore::new();
    let caller = caller(&test);
    let new = "ada@new.example";
    RequestEmailChange { new_email: new.into(), context: context() }.execute(&test.core, &caller).unwrap();
    assert!(matches!(test.mails_to(EMAIL)[..], [Mail::EmailChangeRequested { .. }]));
    let confirm = |code: String| ConfirmEmailChange { new_email: new.into(), code, context: context() };
    let code = code(&test, new);
    let refused = confirm(wrong(&code)).execute(&test.core, &caller).unwrap_err();
    assert_eq!(refused, ConfirmEmailChangeError::InvalidCode);
    let changed = confirm(code.clone()).execute(&test.core, &caller).unwrap();
    assert_eq!((changed.old_email.as_deref(), changed.new_email.as_str()), (Some(EMAIL), new));
    let primary = changed.user.primary_email().unwrap();
    assert!(primary.value == new && primary.is_verified());
    assert_eq!(changed.user.identifiers_of(IdentifierKind::Email).count(), 2);
    assert_eq!(confirm(code).execute(&test.core, &caller).unwrap_err(), ConfirmEmailChangeError::UnknownRequest);
}

#[test]
fn r4_r7_the_address_that_is_stored_is_the_one_that_was_proven() {
    let test = TestCore::new();
    let caller = caller(&test);
    let wide = "ｊohn@new.example";
    RequestEmailChange { new_email: wide.into(), context: context() }.execute(&test.core, &caller).unwrap();
    let confirm =
        ConfirmEmailChange { new_email: "john@new.example".into(), code: code(&test, wide), context: context() };
    let changed = confirm.execute(&test.core, &caller).unwrap();
    assert_eq!(changed.new_email, wide);
    assert_eq!(changed.user.primary_email().unwrap().value, wide);
}

#[test]
fn r1_an_address_cannot_be_asked_whether_it_has_an_account() {
    let test = TestCore::new();
    let caller = caller(&test);
    test.verified_user("bob@example.com");
    let change = RequestEmailChange { new_email: "bob@example.com".into(), context: context() };
    change.execute(&test.core, &caller).unwrap();
    assert!(test.mails_to("bob@example.com").is_empty());
}

#[test]
fn r24_r25_a_change_of_contact_details_is_mailed_to_all_proven_addresses_and_voids_a_reset() {
    let test = TestCore::with(|policy, _| policy.step_up = chrono::Duration::days(1));
    let caller = caller(&test);
    let new = "ada@new.example";
    RequestEmailChange { new_email: new.into(), context: context() }.execute(&test.core, &caller).unwrap();
    let proof = ConfirmEmailChange { new_email: new.into(), code: code(&test, new), context: context() };
    let old = proof.execute(&test.core, &caller).unwrap().user.identifiers[0].id;
    let number = |number: Change<String>| ProfilePatch { phone_number: number, ..ProfilePatch::default() };
    for (primary, contact) in [
        (new, ProfilePatch { primary_email: Some(old), ..ProfilePatch::default() }),
        (EMAIL, number(Change::Set("+31612345678".into()))),
        (EMAIL, number(Change::Clear)),
    ] {
        test.clock.advance(std::time::Duration::from_hours(1));
        RequestPasswordReset { email: primary.into(), context: context() }.execute(&test.core).unwrap();
        let token = link_token(&test, primary);
        let told = || [EMAIL, new].map(|address| of(&test.mails_to(address), &Mail::ContactChanged));
        let before = told();
        patch(contact).execute(&test.core, &caller).unwrap();
        assert_eq!(told(), before.map(|count| count + 1));
        let reset = ResetPassword { token, new_password: Password::new(OTHER_PASSWORD), context: context() };
        assert_eq!(reset.execute(&test.core).unwrap_err(), ResetPasswordError::InvalidToken);
    }
    let told = test.mails().len();
    name("Ada").execute(&test.core, &caller).unwrap();
    assert_eq!(test.mails().len(), told, "a name is no contact detail");
}

/// How many mails say so.
fn of(mails: &[Mail], wanted: &Mail) -> usize {
    mails.iter().filter(|&mail| mail == wanted).count()
}

/// A caller whose account's attributes were read too.
fn caller_with_attributes(test: &TestCore) -> Caller {
    let credential = Credential::Bearer(test.tokens(EMAIL).access_token.token);
    Authenticate::with_attributes(credential).execute(&test.core).unwrap()
}

#[test]
fn only_the_members_that_changed_are_audited_however_large_the_rest() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let caller = caller_with_attributes(&test);
    merge(&json!({"large": "x".repeat(16_000), "small": 1})).execute(&test.core, &caller).unwrap();
    let caller = caller_with_attributes(&test);
    let updated = merge(&json!({"small": 2})).execute(&test.core, &caller).unwrap();
    assert_eq!(updated.attributes.unwrap().0["small"], 2);
    let details = trail(&test, caller.user.id).pop().unwrap().details.unwrap();
    assert!(details.contains("/attributes/small") && details.len() < 200, "{details}");
}

#[test]
fn a_user_changes_the_profile_only_so_often_and_with_so_many_bytes() {
    let test = TestCore::with(|_, limits| {
        limits.profile_write_per_user.burst = 3;
        limits.audit_bytes_per_user.bytes = 30_000;
    });
    let caller = caller(&test);
    let limited = |refused| matches!(refused, Err(UpdateProfileError::Fault(Fault::Limited(_))));
    for number in 0..3 {
        name(&format!("Ada {number}")).execute(&test.core, &caller).unwrap();
    }
    assert!(limited(name("Ada 3").execute(&test.core, &caller)));
    test.clock.advance(Duration::from_secs(1));
    name("Ada 3").execute(&test.core, &caller).unwrap();
    test.clock.advance(Duration::from_secs(3));
    merge(&json!({"large": "x".repeat(16_000)})).execute(&test.core, &caller).unwrap();
    assert!(limited(merge(&json!({"large": "y".repeat(16_000)})).execute(&test.core, &caller)));
    test.clock.advance(Duration::from_hours(1));
    merge(&json!({"large": "y".repeat(16_000)})).execute(&test.core, &caller).unwrap();
}

#[test]
fn r10_another_address_is_asked_for_only_with_a_recent_proof() {
    let test = TestCore::new();
    let caller = caller(&test);
    test.clock.advance(Duration::from_mins(10));
    let change = RequestEmailChange { new_email: "john@new.example".into(), context: context() };
    let stale = change.execute(&test.core, &caller).unwrap_err();
    assert!(matches!(stale, RequestEmailChangeError::StepUp(_)), "{stale:?}");
    assert!(test.mails().is_empty());
    change.execute(&test.core, &test.caller(&test.tokens(EMAIL))).unwrap();
}

#[test]
fn r43_a_request_whose_body_was_slow_does_nothing_once_its_sign_in_has_ended() {
    let test = TestCore::new();
    let caller = caller(&test);
    let other = test.caller(&test.tokens(EMAIL));
    tick(&test);
    EndSignIn { id: caller.principal.sign_in_id, context: context() }.execute(&test.core, &other).unwrap();
    for update in [
        name("Ada"),
        merge(&json!({"a": 1})),
        picture(NewPicture::Bytes(FakePictures::a_picture(1))),
        patch(ProfilePatch::default()),
    ] {
        let refused = update.execute(&test.core, &caller).unwrap_err();
        assert_eq!(refused, UpdateProfileError::Unauthenticated);
    }
    assert!(test.blobs.names().is_empty());
    let change = RequestEmailChange { new_email: "ada@new.example".into(), context: context() };
    assert_eq!(change.execute(&test.core, &caller).unwrap_err(), RequestEmailChangeError::Unauthenticated);
    let change = ChangePassword {
        current_password: Password::new(PASSWORD),
        new_password: Password::new(OTHER_PASSWORD),
        own_sign_in: OwnSignIn::Ends,
        context: context(),
    };
    assert_eq!(change.execute(&test.core, &caller).unwrap_err(), ChangePasswordError::Unauthenticated);
    name("Ada").execute(&test.core, &other).unwrap();
}

#[test]
fn r9_r43_a_change_of_address_ends_with_the_sign_in_that_requested_it() {
    let test = TestCore::new();
    let caller = caller(&test);
    let other = test.caller(&test.tokens(EMAIL));
    let new = "ada@new.example";
    RequestEmailChange { new_email: new.into(), context: context() }.execute(&test.core, &caller).unwrap();
    let code = code(&test, new);
    tick(&test);
    EndSignIn { id: caller.principal.sign_in_id, context: context() }.execute(&test.core, &other).unwrap();
    let confirm = ConfirmEmailChange { new_email: new.into(), code, context: context() };
    assert_eq!(confirm.execute(&test.core, &caller).unwrap_err(), ConfirmEmailChangeError::Unauthenticated);
    assert_eq!(confirm.execute(&test.core, &other).unwrap_err(), ConfirmEmailChangeError::UnknownRequest);
}

#[test]
fn r43_no_address_is_verified_and_no_proof_mailed_once_the_sign_in_has_ended() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    test.unverified_user(EMAIL);
    let [caller, other] = [(); 2].map(|()| test.caller(&test.tokens(EMAIL)));
    let request = RequestEmailVerification { context: context() };
    assert_eq!(request.execute(&test.core, &caller), Ok(EmailVerificationRequest::Sent));
    let code = code(&test, EMAIL);
    tick(&test);
    EndSignIn { id: caller.principal.sign_in_id, context: context() }.execute(&test.core, &other).unwrap();
    assert_eq!(request.execute(&test.core, &caller), Err(RequestEmailVerificationError::Unauthenticated));
    let verify = |caller: &Caller| {
        let proof = EmailProof::Code { code: code.clone(), caller: Box::new(caller.clone()) };
        VerifyEmail { proof, sign_in: None, context: context() }.execute(&test.core)
    };
    assert_eq!(verify(&caller).unwrap_err(), VerifyEmailError::Unauthenticated);
    assert!(verify(&other).unwrap().user.is_verified());
}

#[test]
fn r86_changing_a_number_to_and_fro_does_not_fill_the_mailbox() {
    let test = TestCore::with(|policy, _| policy.step_up = chrono::Duration::days(1));
    let caller = caller(&test);
    let number = |number: String| {
        let phone_number = Change::Set(number);
        patch(ProfilePatch { phone_number, ..ProfilePatch::default() }).execute(&test.core, &caller).unwrap()
    };
    for last in 0..20 {
        number(format!("+3161234567{}", last % 10));
    }
    assert_eq!(test.mails_to(EMAIL).len(), 5);
    name("Ada").execute(&test.core, &caller).unwrap();
    test.clock.advance(Duration::from_mins(10));
    number("+31687654321".to_owned());
    assert_eq!(test.mails_to(EMAIL).len(), 6);
}

#[test]
fn r86_asking_which_usernames_are_taken_spends_the_budget_of_changes() {
    let test = TestCore::new();
    test.verified_user(EMAIL);
    let tokens = test.tokens(EMAIL);
    test.verified_user("bob@example.com");
    let bob = test.caller(&test.tokens("bob@example.com"));
    let username = |name: &str| {
        patch(ProfilePatch { preferred_username: Change::Set(name.to_owned()), ..ProfilePatch::default() })
    };
    username("bobby").execute(&test.core, &bob).unwrap();
    let ask = |name: &str| username(name).execute(&test.core, &test.caller(&tokens)).unwrap_err();
    let asked = (0..20).map(|_| ask("bobby"));
    let taken = UpdateProfileError::Invalid(Violation::new(Claim::PreferredUsername, Rule::Taken).into());
    let (told, limited): (Vec<_>, Vec<_>) = asked.partition(|refused| *refused == taken);
    assert_eq!(told.len(), 10);
    assert!(limited.iter().all(|refused| matches!(refused, UpdateProfileError::Fault(Fault::Limited(_)))));
    assert!(
        matches!(ask("nobody_has_this"), UpdateProfileError::Fault(Fault::Limited(_))),
        "a free one is answered alike"
    );
    for _ in 0..3 {
        test.clock.advance(Duration::from_secs(1));
        let told = (0..20).filter(|_| ask("bobby") == taken).count();
        assert!(told <= 1, "{told} answers after a second");
    }
    test.clock.advance(Duration::from_secs(2));
    assert!(ask("bobby") != taken, "an answer costs as much when little is left");
}

#[test]
fn r86_accounts_of_one_address_together_learn_little_about_which_usernames_are_taken() {
    let test = TestCore::new();
    let username = |name: &str| {
        patch(ProfilePatch { preferred_username: Change::Set(name.to_owned()), ..ProfilePatch::default() })
    };
    test.verified_user("bob@example.com");
    username("bobby").execute(&test.core, &test.caller(&test.tokens("bob@example.com"))).unwrap();
    let taken = UpdateProfileError::Invalid(Violation::new(Claim::PreferredUsername, Rule::Taken).into());
    let told = |account: &str| {
        let tokens = test.tokens(account);
        let ask = || username("bobby").execute(&test.core, &test.caller(&tokens)).unwrap_err();
        (0..20).filter(|_| ask() == taken).count()
    };
    let accounts = ["a@example.com", "b@example.com", "c@example.com", "d@example.com"];
    for account in accounts {
        test.verified_user(account);
    }
    assert_eq!(accounts.map(told), [10, 10, 1, 1]);
}

/// A database that fails after so many units.
struct FailsAfter {
    storage: Arc<MemoryStorage>,
    units: AtomicUsize,
}

impl Storage for FailsAfter {
    fn read(&self) -> Result<Box<dyn Queries + '_>, StorageError> {
        self.storage.read()
    }

    fn begin(&self) -> Result<Box<dyn UnitOfWork + '_>, StorageError> {
        let has_more = self.units.fetch_update(Relaxed, Relaxed, |units| units.checked_sub(1)).is_ok();
        if has_more { self.storage.begin() } else { Err(StorageError::Unavailable("it is down".into())) }
    }

    fn ready(&self) -> Result<(), StorageError> {
        self.storage.ready()
    }
}

#[test]
fn a_name_that_is_taken_is_told_and_leaves_no_file_when_the_answer_cannot_be_charged() {
    let test = TestCore::new();
    test.verified_user("bob@example.com");
    let bob = test.caller(&test.tokens("bob@example.com"));
    let username = ProfilePatch { preferred_username: Change::Set("bobby".to_owned()), ..ProfilePatch::default() };
    patch(username.clone()).execute(&test.core, &bob).unwrap();
    let ada = caller(&test);
    let storage = test.storage.clone();
    let test = test.over(|ports| ports.storage = Arc::new(FailsAfter { storage, units: AtomicUsize::new(1) }));
    let picture = Change::Set(NewPicture::Bytes(FakePictures::a_picture(1)));
    let refused = UpdateProfile { picture, ..patch(username) }.execute(&test.core, &ada).unwrap_err();
    assert_eq!(refused, UpdateProfileError::Invalid(Violation::new(Claim::PreferredUsername, Rule::Taken).into()));
    assert!(test.blobs.names().is_empty());
}

#[test]
fn r25_many_changes_of_the_number_do_not_hide_another_primary_address() {
    let test = TestCore::new();
    let caller = caller(&test);
    let new = "ada@new.example";
    RequestEmailChange { new_email: new.into(), context: context() }.execute(&test.core, &caller).unwrap();
    let proof = ConfirmEmailChange { new_email: new.into(), code: code(&test, new), context: context() };
    let old = proof.execute(&test.core, &caller).unwrap().user.identifiers[0].id;
    let told = || of(&test.mails_to(EMAIL), &Mail::ContactChanged);
    for last in 0..9 {
        let phone_number = Change::Set(format!("+3161234567{last}"));
        patch(ProfilePatch { phone_number, ..ProfilePatch::default() }).execute(&test.core, &caller).unwrap();
    }
    assert_eq!(told(), 5);
    let primary_email = Some(old);
    patch(ProfilePatch { primary_email, ..ProfilePatch::default() }).execute(&test.core, &caller).unwrap();
    assert_eq!(told(), 6);
}

#[test]
fn r25_a_change_that_is_refused_costs_no_notice() {
    let test = TestCore::new();
    test.verified_user("bob@example.com");
    let bob = test.caller(&test.tokens("bob@example.com"));
    let username = |name: &str| Change::Set(name.to_owned());
    patch(ProfilePatch { preferred_username: username("bobby"), ..ProfilePatch::default() })
        .execute(&test.core, &bob)
        .unwrap();
    let ada = caller(&test);
    let number = |last: usize| Change::Set(format!("+3161234567{last}"));
    for last in 0..9 {
        let phone_number = number(last);
        let both = ProfilePatch { phone_number, preferred_username: username("bobby"), ..ProfilePatch::default() };
        patch(both).execute(&test.core, &ada).unwrap_err();
    }
    test.clock.advance(Duration::from_mins(1));
    patch(ProfilePatch { phone_number: number(9), ..ProfilePatch::default() }).execute(&test.core, &ada).unwrap();
    assert_eq!(of(&test.mails_to(EMAIL), &Mail::ContactChanged), 1);
}

#[test]
fn r86_changing_the_password_again_and_again_does_not_fill_the_mailbox() {
    let test = TestCore::new();
    let caller = caller(&test);
    let change = |current: &str, new: &str| {
        let change = ChangePassword {
            current_password: Password::new(current),
            new_password: Password::new(new),
            own_sign_in: OwnSignIn::GoesOn { access_ttl: Duration::from_mins(5) },
            context: context(),
        };
        change.execute(&test.core, &caller).unwrap();
        test.clock.advance(Duration::from_secs(12));
    };
    let told = || of(&test.mails_to(EMAIL), &Mail::PasswordChanged);
    let passwords: Vec<String> = (0..10).map(|number| format!("{number} {OTHER_PASSWORD}")).collect();
    change(PASSWORD, &passwords[0]);
    assert_eq!(told(), 1);
    for pair in passwords.windows(2).take(8) {
        change(&pair[0], &pair[1]);
    }
    assert_eq!(told(), 5);
}

#[test]
fn the_own_address_in_another_case_is_in_force_at_once() {
    let test = TestCore::new();
    let ada = caller(&test);
    let change = |new: &str| RequestEmailChange { new_email: new.into(), context: context() };
    let requested = change("Ada@Example.com").execute(&test.core, &ada).unwrap();
    assert!(requested.is_in_force);
    let user = test.caller(&test.tokens(EMAIL)).user;
    let primary = user.primary_email().unwrap();
    assert_eq!((primary.value.as_str(), primary.canonical.as_str()), ("Ada@example.com", EMAIL));
    assert!(primary.is_verified());
    assert!(matches!(test.mails_to("Ada@example.com")[..], [Mail::ContactChanged]));
    let caller = test.caller(&test.tokens(EMAIL));
    for same in ["Ada@example.com", "Ａda@example.com"] {
        let unchanged = Violation::new(Claim::Email, Rule::Unchanged).into();
        assert_eq!(change(same).execute(&test.core, &caller).unwrap_err(), RequestEmailChangeError::Invalid(unchanged));
    }
}

#[test]
fn r2_an_address_change_that_was_asked_for_before_the_proof_is_void_after_it() {
    let test = TestCore::with(|policy, _| policy.require_verified_email = false);
    sign_up(EMAIL).execute(&test.core).unwrap();
    let (link, new) = (link_token(&test, EMAIL), "eve@example.com");
    let eve = test.caller(&test.tokens(EMAIL));
    RequestEmailChange { new_email: new.into(), context: context() }.execute(&test.core, &eve).unwrap();
    verify_link(&link).execute(&test.core).unwrap();
    let confirm = ConfirmEmailChange { new_email: new.into(), code: code(&test, new), context: context() };
    let refused = confirm.execute(&test.core, &eve).unwrap_err();
    assert_eq!(refused, ConfirmEmailChangeError::UnknownRequest);
}
