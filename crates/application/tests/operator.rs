//! The operator's use cases, over memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::*;
use selfsame_application::{
    devices::remember::RememberDevice,
    operator::{
        DeleteUser, FactorsReset, ListUsers, ResetFactors, RevokeSignIns, SetPassword, VerifyAddress,
        audit::VerifyAudit,
        users::{CreateUser, FindUser, ManageUserError, SetDisabled},
    },
    password::{
        request_reset::RequestPasswordReset,
        reset::{ResetPassword, ResetPasswordError},
    },
    second_factors::backup_codes::MakeBackupCodes,
};
use selfsame_domain::{
    Action, Claim, EmailAddress, Factor, Factors, Identifier, Password, PhoneNumber, Picture, Rule, SignUpForm, User,
    UserId, Violation,
};
use selfsame_ports::{Mail, Storage as _};
use selfsame_testing::builders::fresh_id;

const ADA: &str = "ada@example.com";

fn stored(test: &TestCore, id: UserId) -> Option<User> {
    test.storage.read().unwrap().user(id).unwrap()
}

/// Actor and action of the newest row of an account's trail.
fn last_event(test: &TestCore, id: UserId) -> (String, String) {
    let row = trail(test, id).pop().unwrap();
    (row.actor, row.action)
}

fn by_operator(action: Action) -> (String, String) {
    ("operator".to_owned(), action.as_str().to_owned())
}

fn broken(claim: Claim, rule: Rule) -> ManageUserError {
    ManageUserError::Invalid(Violation::new(claim, rule).into())
}

fn set_password(test: &TestCore, user: UserId, password: &str) -> Result<User, ManageUserError> {
    SetPassword { user, password: Password::new(password) }.execute(&test.core)
}

fn verify_address(test: &TestCore, user: UserId, address: Option<&str>) -> Result<User, ManageUserError> {
    VerifyAddress { user, address: address.map(str::to_owned), is_named_by_address: false }.execute(&test.core)
}

/// Another account that claims the same address.
fn rival(test: &TestCore, email: &str) -> User {
    let password = Some(Password::new(PASSWORD));
    let create = CreateUser { email: email.to_owned(), is_verified: false, password, form: SignUpForm::default() };
    create.execute(&test.core).unwrap()
}

#[test]
fn accounts_are_listed_page_by_page_until_there_are_no_more() {
    let test = TestCore::new();
    let mut ids: Vec<_> = (0..5).map(|i| test.verified_user(&format!("user{i}@example.com")).id).collect();
    ids.sort();
    let mut seen = Vec::new();
    let mut after = None;
    for expected in [2, 2, 1] {
        let page = ListUsers { after, limit: 2 }.execute(&test.core).unwrap();
        assert_eq!(page.users.len(), expected);
        seen.extend(page.users.iter().map(|user| user.id));
        after = page.next;
    }
    assert_eq!((seen, after), (ids, None));
}

#[test]
fn the_last_page_is_known_to_be_the_last_when_it_is_full() {
    let test = TestCore::new();
    test.verified_user(ADA);
    let page = ListUsers { after: None, limit: 1 }.execute(&test.core).unwrap();
    assert_eq!((page.users.len(), page.next), (1, None));
}

#[test]
fn revoking_ends_every_sign_in_and_nothing_else() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    let (tokens, _cookie) = (test.tokens(ADA), test.cookie(ADA));
    assert_eq!(RevokeSignIns { user }.execute(&test.core), Ok(2));
    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err());
    assert_eq!(last_event(&test, user), by_operator(Action::SignInsRevoked));
    test.tokens(ADA);
}

#[test]
fn r79_revoking_leaves_its_row_also_when_nobody_was_signed_in() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    assert_eq!(RevokeSignIns { user }.execute(&test.core), Ok(0));
    assert_eq!(last_event(&test, user), by_operator(Action::SignInsRevoked));
}

#[test]
fn r80_a_deleted_account_leaves_its_trail_and_frees_its_address() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    let tokens = test.tokens(ADA);
    DeleteUser { user }.execute(&test.core).unwrap();
    assert_eq!(stored(&test, user), None);
    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err());
    assert_eq!(last_event(&test, user), by_operator(Action::UserDeleted));
    assert_ne!(test.verified_user(ADA).id, user);
}

#[test]
fn a_deleted_accounts_picture_is_deleted_with_it() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    test.ports.blobs.put("0123456789abcdef.webp", b"picture", test.ports.clock.now()).unwrap();
    let mut unit = test.storage.begin().unwrap();
    let stored = unit.accounts().lock(user).unwrap().unwrap();
    let mut changed = stored.clone();
    changed.picture = Some(Picture::Stored("0123456789abcdef.webp".to_owned()));
    changed.touch(test.ports.clock.now());
    unit.accounts().save(&stored, &changed).unwrap();
    unit.commit().unwrap();
    DeleteUser { user }.execute(&test.core).unwrap();
    assert_eq!(test.ports.blobs.get("0123456789abcdef.webp"), Ok(None));
}

#[test]
fn r21_a_password_that_the_operator_sets_ends_every_sign_in_and_is_told() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    let tokens = test.tokens(ADA);
    set_password(&test, user, OTHER_PASSWORD).unwrap();
    assert!(refresh(&tokens.refresh_token).execute(&test.core).is_err());
    assert!(sign_in(ADA, PASSWORD).execute(&test.core).is_err());
    sign_in(ADA, OTHER_PASSWORD).execute(&test.core).unwrap();
    assert!(test.mails_to(ADA).contains(&Mail::PasswordChanged), "r25: the owner is told");
    let trail = trail(&test, user);
    let set = trail.iter().find(|row| row.action == Action::PasswordSet.as_str()).unwrap();
    assert_eq!(set.actor, "operator");
    assert!(!format!("{trail:?}").contains(OTHER_PASSWORD), "r51: no password in the trail");
}

#[test]
fn r22_a_password_that_the_operator_sets_voids_a_reset_under_way() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    RequestPasswordReset { email: ADA.to_owned(), context: context() }.execute(&test.core).unwrap();
    let token = link_token(&test, ADA);
    set_password(&test, user, OTHER_PASSWORD).unwrap();
    let reset =
        ResetPassword { token, new_password: Password::new("another long passphrase here"), context: context() };
    assert_eq!(reset.execute(&test.core).unwrap_err(), ResetPasswordError::InvalidToken);
}

#[test]
fn r17_r18_a_password_that_the_operator_sets_obeys_the_same_rules() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    for weak in ["", "short", "passwordpassword"] {
        assert!(matches!(set_password(&test, user, weak), Err(ManageUserError::Invalid(_))), "{weak:?}");
    }
    sign_in(ADA, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn a_disabled_account_stays_disabled_when_its_password_is_set() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    SetDisabled { user, is_disabled: true }.execute(&test.core).unwrap();
    assert!(set_password(&test, user, OTHER_PASSWORD).unwrap().is_disabled());
    assert!(sign_in(ADA, OTHER_PASSWORD).execute(&test.core).is_err());
}

#[test]
fn r7_an_address_is_proven_by_the_operators_word() {
    let test = TestCore::new();
    let user = test.unverified_user(ADA).id;
    assert!(verify_address(&test, user, None).unwrap().is_verified());
    assert!(stored(&test, user).unwrap().is_verified());
    assert_eq!(last_event(&test, user), by_operator(Action::EmailVerified));
    let rows = |test: &TestCore| trail(test, user).len();
    let before = rows(&test);
    verify_address(&test, user, Some("ADA@example.com")).unwrap();
    assert_eq!(rows(&test), before, "done already is done");
    sign_in(ADA, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn a_further_address_is_proven_by_its_name() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    let further = EmailAddress::parse("a@example.com").unwrap();
    let further = Identifier::email(fresh_id(), &further, false, test.ports.clock.now());
    let mut unit = test.storage.begin().unwrap();
    let stored = unit.accounts().lock(user).unwrap().unwrap();
    let mut changed = stored.clone();
    changed.identifiers.push(further);
    unit.accounts().save(&stored, &changed).unwrap();
    unit.commit().unwrap();
    let proven = verify_address(&test, user, Some("A@example.com")).unwrap();
    assert!(proven.identifiers.iter().all(Identifier::is_verified));
}

#[test]
fn r2_an_address_that_the_operator_vouches_for_is_lost_to_those_who_claimed_it() {
    let test = TestCore::new();
    let (user, squatter) = (test.unverified_user(ADA).id, rival(&test, ADA).id);
    verify_address(&test, user, None).unwrap();
    assert_eq!(stored(&test, squatter), None);
    assert_eq!(last_event(&test, squatter), by_operator(Action::EmailClaimDropped));
    assert!(stored(&test, user).unwrap().has_password(), "the account that was named keeps its password");
}

#[test]
fn r3_an_address_that_somebody_else_has_proven_is_refused() {
    let test = TestCore::new();
    let owner = test.verified_user(ADA).id;
    let squatter = rival(&test, ADA).id;
    assert_eq!(verify_address(&test, squatter, None).unwrap_err(), broken(Claim::Email, Rule::Taken));
    assert!(stored(&test, owner).unwrap().is_verified() && !stored(&test, squatter).unwrap().is_verified());
}

#[test]
fn an_address_of_nobody_or_of_somebody_else_is_refused() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    test.unverified_user("grace@example.com");
    for address in ["grace@example.com", "nobody@example.com", "no address"] {
        let refused = verify_address(&test, user, Some(address)).unwrap_err();
        assert_eq!(refused, broken(Claim::Email, Rule::NotOwned), "{address}");
    }
}

#[test]
fn a_user_that_there_is_not_is_told_by_every_use_case() {
    let test = TestCore::new();
    let user = fresh_id();
    assert_eq!(RevokeSignIns { user }.execute(&test.core), Err(ManageUserError::NotFound));
    assert_eq!(DeleteUser { user }.execute(&test.core).unwrap_err(), ManageUserError::NotFound);
    assert_eq!(set_password(&test, user, OTHER_PASSWORD).unwrap_err(), ManageUserError::NotFound);
    assert_eq!(verify_address(&test, user, None).unwrap_err(), ManageUserError::NotFound);
    assert_eq!(FindUser { query: ADA.to_owned() }.execute(&test.core).unwrap_err(), ManageUserError::NotFound);
}

#[test]
fn r2_an_address_that_several_accounts_claim_names_none_of_them() {
    let test = TestCore::new();
    let [victim, eve] = [(); 2].map(|()| rival(&test, ADA));
    let by_address =
        |user: &User| VerifyAddress { user: user.id, address: None, is_named_by_address: true }.execute(&test.core);
    assert_eq!(by_address(&eve), Err(ManageUserError::Ambiguous));
    assert!(stored(&test, victim.id).is_some_and(|user| !user.is_verified()));
    verify_address(&test, victim.id, None).unwrap();
    assert_eq!(stored(&test, eve.id), None, "named by id, it is certain who is meant");
}

#[test]
fn r2_an_account_made_with_a_proven_address_takes_it_from_who_only_claims_it() {
    let test = TestCore::new();
    let claim = rival(&test, ADA);
    let user = test.verified_user(ADA);
    assert_eq!(stored(&test, claim.id), None);
    assert_eq!(stored(&test, user.id), Some(user));
}

#[test]
fn r77_a_deleted_account_leaves_its_trail_without_addresses_and_values() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    test.tokens(ADA);
    DeleteUser { user }.execute(&test.core).unwrap();
    let trail = trail(&test, user);
    let (deletion, before) = trail.split_last().unwrap();
    assert!(before.len() > 1 && before.iter().all(|record| record.details.is_none()), "{before:?}");
    assert_eq!(deletion.action, "user.deleted");
    let verified = VerifyAudit::One(user.to_string()).execute(&test.core).unwrap();
    assert_eq!((usize::try_from(verified.records), verified.broken), (Ok(trail.len()), vec![]));
}

#[test]
fn r80_every_trail_is_checked_in_portions_those_of_deleted_accounts_too() {
    let test = TestCore::new();
    let users: Vec<UserId> = (0..3).map(|i| test.verified_user(&format!("user{i}@example.com")).id).collect();
    DeleteUser { user: users[1] }.execute(&test.core).unwrap();
    let all = VerifyAudit::Portion(None).execute(&test.core).unwrap();
    assert_eq!((all.trails, all.broken, all.next), (3, vec![], None));
    assert!(all.records >= 4, "{}", all.records);
    let nobody = VerifyAudit::One(fresh_id::<UserId>().to_string()).execute(&test.core);
    assert_eq!(nobody, Err(ManageUserError::NotFound));
}

/// Ada with an authenticator app, backup codes and a remembered device, signed in once.
fn with_factors(test: &TestCore) -> UserId {
    let user = test.verified_user(ADA).id;
    test.enrol_totp(ADA);
    let caller = test.caller_by(ADA, Factors::of([Factor::Password, Factor::Totp]));
    MakeBackupCodes { count: 10, code: None, context: context() }.execute(&test.core, &caller).unwrap();
    RememberDevice { name: None, context: context() }.execute(&test.core, &caller).unwrap();
    user
}

#[test]
fn r34_the_operator_removes_the_factors_of_a_user_who_lost_them_and_ends_every_sign_in() {
    let test = TestCore::new();
    let user = with_factors(&test);
    let reset = ResetFactors { user, passkeys: false }.execute(&test.core).unwrap();
    assert!(reset.passkeys == 0 && reset.sign_ins > 0, "{reset:?}");
    let after = stored(&test, user).unwrap();
    assert!(!after.has_second_factor() && after.backup_codes_left == 0);
    let mut queries = test.storage.read().unwrap();
    assert_eq!(queries.totp(user), Ok(None));
    assert_eq!(queries.count_live_sign_ins(user, test.ports.clock.now()), Ok(0));
    let devices = queries.devices(user, after.credential_epoch, test.ports.clock.now(), 10).unwrap();
    assert_eq!(devices, []);
    assert_eq!(last_event(&test, user), by_operator(Action::FactorsReset));
    assert!(test.mails_to(ADA).contains(&Mail::FactorsReset { passkeys: false }), "r25");
    sign_in(ADA, PASSWORD).execute(&test.core).unwrap();
}

#[test]
fn r34_a_phone_number_is_no_second_factor_after_a_reset_and_stays_with_the_account() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    test.change_user(ADA, |user| {
        let number = PhoneNumber::parse("+31612345678").unwrap();
        let mut phone = Identifier::phone(fresh_id(), &number, true, user.created_at);
        phone.verified_at = Some(user.created_at);
        let id = phone.id;
        user.identifiers.push(phone);
        user.enrol_phone(id, user.created_at);
    });
    ResetFactors { user, passkeys: false }.execute(&test.core).unwrap();
    let after = stored(&test, user).unwrap();
    assert!(!after.has_second_factor() && after.second_factor_phone().is_none());
    assert!(after.primary_phone().is_some());
}

#[test]
fn r34_passkeys_are_removed_only_if_the_operator_says_so() {
    let test = TestCore::new();
    let user = test.verified_user(ADA).id;
    test.passkey(ADA);
    ResetFactors { user, passkeys: false }.execute(&test.core).unwrap();
    assert!(stored(&test, user).unwrap().has_passkey());
    assert_eq!(test.storage.read().unwrap().passkeys(user).unwrap().len(), 1);

    let reset = ResetFactors { user, passkeys: true }.execute(&test.core);
    assert_eq!(reset, Ok(FactorsReset { passkeys: 1, sign_ins: 0 }));
    assert!(!stored(&test, user).unwrap().has_passkey());
    assert_eq!(test.storage.read().unwrap().passkeys(user), Ok(vec![]));
    assert!(test.mails_to(ADA).contains(&Mail::FactorsReset { passkeys: true }), "r25");
    let again = ResetFactors { user, passkeys: true }.execute(&test.core);
    assert_eq!(again, Ok(FactorsReset { passkeys: 0, sign_ins: 0 }), "it may be repeated");
    let nobody = ResetFactors { user: fresh_id(), passkeys: true }.execute(&test.core);
    assert_eq!(nobody, Err(ManageUserError::NotFound));
}
