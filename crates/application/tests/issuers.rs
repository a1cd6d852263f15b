//! Tokens of other issuers: whose account they stand for, what they prove, and how their sign-ins end.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::Arc;

use selfsame_application::{
    Authenticate, Caller, Credential, IssuerPolicy,
    issuers::identities::{ListIdentities, UnlinkIdentity, UnlinkIdentityError},
    operator::{RevokeSignIns, identities::LinkIdentity},
    sessions::{authenticate::AuthenticateError, end::EndOtherSignIns},
};
use selfsame_domain::{Factor, Factors, Instant, RequestContext, Scope};
use selfsame_ports::{Clock as _, ForeignClaims, Storage as _};
use selfsame_testing::{core::TestCore, fakes::FakeForeignTokens};

const ISSUER: &str = "https://id.example.com";
const EMAIL: &str = "ada@example.com";

struct Test {
    test: TestCore,
    tokens: Arc<FakeForeignTokens>,
}

impl Test {
    fn new(change: impl FnOnce(&mut IssuerPolicy)) -> Self {
        let mut issuer = IssuerPolicy {
            name: "Example ID".to_owned(),
            issuer: ISSUER.to_owned(),
            create_accounts: true,
            trust_email: false,
            trust_authentication: false,
            scopes: None,
        };
        change(&mut issuer);
        let tokens = Arc::new(FakeForeignTokens::default());
        let verifier = Arc::clone(&tokens);
        let test = TestCore::with(|policy, _| policy.issuers = vec![issuer]);
        Self { test: test.over(|ports| ports.foreign_tokens = Some(verifier)), tokens }
    }

    fn claims(&self, subject: &str) -> ForeignClaims {
        ForeignClaims {
            issuer: ISSUER.to_owned(),
            subject: subject.to_owned(),
            issued_at: Instant::from_timestamp(self.test.clock.now().timestamp(), 0).unwrap(),
            verified_email: Some(EMAIL.to_owned()),
            name: Some("Ada Lovelace".to_owned()),
            given_name: Some("a\u{0}b".to_owned()),
            family_name: None,
            scopes: vec!["read".to_owned()],
            client_id: Some("app".to_owned()),
            authenticated_at: None,
            methods: Vec::new(),
        }
    }

    fn token(&self, subject: &str) -> String {
        self.tokens.issue(self.claims(subject))
    }

    fn by(&self, token: &str) -> Result<Caller, AuthenticateError> {
        Authenticate::new(Credential::Bearer(token.to_owned())).execute(&self.test.core)
    }

    fn advance(&self, seconds: u64) {
        self.test.clock.advance(std::time::Duration::from_secs(seconds));
    }
}

#[test]
fn the_first_token_of_a_subject_makes_an_account_and_later_ones_find_it() {
    let test = Test::new(|_| ());
    let first = test.by(&test.token("1")).unwrap();
    assert_eq!((first.user.name.as_deref(), first.user.given_name.as_deref()), (Some("Ada Lovelace"), None));
    assert!(first.user.identifiers.is_empty(), "the address is not trusted");
    assert_eq!(first.sign_in.name.as_deref(), Some("Example ID"));
    let again = test.by(&test.token("1")).unwrap();
    assert_eq!((again.user.id, again.sign_in.id), (first.user.id, first.sign_in.id));
    assert_ne!(test.by(&test.token("2")).unwrap().user.id, first.user.id);
    assert_eq!(ListIdentities.execute(&test.test.core, &first).unwrap()[0].subject, "1");
}

#[test]
fn r7_an_address_links_to_the_account_that_has_proven_it_only_if_the_issuer_is_trusted() {
    for trust_email in [false, true] {
        let test = Test::new(|issuer| issuer.trust_email = trust_email);
        let owner = test.test.verified_user(EMAIL);
        let caller = test.by(&test.token("1")).unwrap();
        assert_eq!(caller.user.id == owner.id, trust_email);
        if trust_email {
            let mut other = test.claims("2");
            other.verified_email = Some("grace@example.com".to_owned());
            let made = test.by(&test.tokens.issue(other)).unwrap();
            assert!(made.user.primary_email().unwrap().is_verified());
            let mut unverified = test.claims("3");
            unverified.verified_email = None;
            assert_ne!(test.by(&test.tokens.issue(unverified)).unwrap().user.id, owner.id);
        }
    }
}

#[test]
fn r27_an_account_with_a_second_factor_asks_for_a_token_that_proves_one() {
    for trusted in [false, true] {
        let test = Test::new(|issuer| issuer.trust_authentication = trusted);
        let user = test.test.verified_user(EMAIL);
        let (issuer, subject) = (ISSUER.to_owned(), "1".to_owned());
        LinkIdentity { user: user.id, issuer, subject }.execute(&test.test.core).unwrap();
        let mut unit = test.test.storage.begin().unwrap();
        let before = unit.accounts().lock(user.id).unwrap().unwrap();
        let mut after = before.clone();
        after.enrol(Factor::Totp, test.test.clock.now());
        unit.accounts().save(&before, &after).unwrap();
        unit.commit().unwrap();
        let with = |methods: &[&str]| {
            let methods = methods.iter().map(|method| (*method).to_owned()).collect();
            let authenticated_at = Some(test.test.clock.now());
            test.by(&test.tokens.issue(ForeignClaims { methods, authenticated_at, ..test.claims("1") }))
        };
        assert_eq!(with(&["pwd"]).map(|_| ()), Err(AuthenticateError::Unauthenticated));
        assert_eq!(with(&["pwd", "otp"]).is_ok(), trusted);
        assert_eq!(with(&["pwd"]).map(|_| ()), Err(AuthenticateError::Unauthenticated), "also within the sign-in");
    }
}

#[test]
fn r10_a_token_proves_again_only_what_a_trusted_issuer_says_and_only_recently() {
    let unlink = |test: &Test, caller: &Caller| {
        let id = ListIdentities.execute(&test.test.core, caller).unwrap()[0].id;
        UnlinkIdentity { id, context: RequestContext::default() }.execute(&test.test.core, caller)
    };
    for trusted in [false, true] {
        let test = Test::new(|issuer| issuer.trust_authentication = trusted);
        for (age, is_enough) in [(60, trusted), (3600, false)] {
            let authenticated_at = Some(test.test.clock.now() - chrono::Duration::seconds(age));
            let claims = ForeignClaims { authenticated_at, methods: vec!["pwd".to_owned()], ..test.claims("1") };
            let caller = test.by(&test.tokens.issue(claims)).unwrap();
            let refused = unlink(&test, &caller).unwrap_err();
            // It is the only way in.
            assert_eq!(refused == UnlinkIdentityError::LastWayIn, is_enough, "{refused:?}");
        }
    }
}

#[test]
fn r43_a_token_of_the_time_before_the_end_of_its_sign_in_is_refused_for_good() {
    let test = Test::new(|_| ());
    let (first, unused) = (test.token("1"), test.token("1"));
    let caller = test.by(&first).unwrap();
    RevokeSignIns { user: caller.user.id }.execute(&test.test.core).unwrap();
    for token in [&first, &unused] {
        assert_eq!(test.by(token).map(|_| ()), Err(AuthenticateError::Unauthenticated));
    }
    test.advance(1);
    let later = test.by(&test.token("1")).unwrap();
    assert_eq!(later.user.id, caller.user.id);
    assert_ne!(later.sign_in.id, caller.sign_in.id);
    assert_eq!(test.by(&first).map(|_| ()), Err(AuthenticateError::Unauthenticated));
}

#[test]
fn r42_a_sign_in_that_is_idle_ends_and_a_later_token_starts_another() {
    let test = Test::new(|_| ());
    let caller = test.by(&test.token("1")).unwrap();
    test.advance(8 * 86_400);
    let later = test.by(&test.token("1")).unwrap();
    assert_ne!(later.sign_in.id, caller.sign_in.id);
}

#[test]
fn r49_the_sign_in_of_a_token_stays_when_its_user_ends_all_others() {
    let test = Test::new(|issuer| issuer.trust_email = true);
    test.test.verified_user(EMAIL);
    let own = test.test.caller_by(EMAIL, Factors::of([Factor::Password]));
    let token = test.token("1");
    let caller = test.by(&token).unwrap();
    assert_eq!(caller.user.id, own.user.id);
    EndOtherSignIns { context: RequestContext::default() }.execute(&test.test.core, &caller).unwrap();
    assert!(test.by(&token).is_ok());
    EndOtherSignIns { context: RequestContext::default() }.execute(&test.test.core, &own).unwrap_err();
}

#[test]
fn r62_an_identity_is_unlinked_of_its_own_account_and_its_tokens_are_refused() {
    let test = Test::new(|issuer| issuer.trust_email = true);
    test.test.verified_user(EMAIL);
    test.test.verified_user("grace@example.com");
    let token = test.token("1");
    test.by(&token).unwrap();
    let own = test.test.caller_by(EMAIL, Factors::of([Factor::Password]));
    let other = test.test.caller_by("grace@example.com", Factors::of([Factor::Password]));
    let id = ListIdentities.execute(&test.test.core, &own).unwrap()[0].id;
    let unlink = |caller| UnlinkIdentity { id, context: RequestContext::default() }.execute(&test.test.core, caller);
    assert_eq!(unlink(&other), Err(UnlinkIdentityError::UnknownIdentity));
    assert_eq!(unlink(&own), Ok(()));
    assert_eq!(unlink(&own), Err(UnlinkIdentityError::UnknownIdentity));
    test.advance(60);
    for token in [token, test.token("1")] {
        assert_eq!(test.by(&token).map(|_| ()), Err(AuthenticateError::Unauthenticated));
    }
}

#[test]
fn scopes_of_the_table_and_no_others_restrict_a_token() {
    let scopes = [("read".to_owned(), Scope::ProfileRead)];
    let test = Test::new(|issuer| issuer.scopes = Some(scopes.into()));
    let caller = test.by(&test.token("1")).unwrap();
    let may = |scope| caller.principal.may(scope);
    assert_eq!([Scope::ProfileRead, Scope::ProfileWrite, Scope::SecurityRead].map(may), [true, false, false]);
    let mut claims = test.claims("1");
    claims.scopes = vec!["profile:write".to_owned()];
    let caller = test.by(&test.tokens.issue(claims)).unwrap();
    assert!(!caller.principal.may(Scope::ProfileRead));
}
