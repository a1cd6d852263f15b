//! Helpers of the use-case tests: requests as clients send them.

#![expect(dead_code, unreachable_pub, reason = "each test binary uses its own part")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::time::Duration;

use selfsame_application::{
    attempts::send_proof::SendProof,
    attempts::verify::{AttemptVerified, Step, VerifyAttempt},
    attempts::{Access, AttemptRef, Handle, Holder, SignedIn, TokenSet},
    identifiers::verify::{EmailProof, VerifyEmail},
    sessions::refresh::RefreshAccess,
    sign_in::with_password::{Identity, SignIn},
    sign_up::start::{SignUp, SignUpStarted},
};
use selfsame_domain::{
    Action, AuditRecord, OpaqueToken, Password, RequestContext, SignUpForm, UserId, audit::ChainCheck,
};
use selfsame_ports::Mail;
pub use selfsame_testing::core::{PASSWORD, TestCore};
use selfsame_testing::fakes::{code_of, link_of};

pub const OTHER_PASSWORD: &str = "seven purple elephants juggle";
pub const TOKENS: Holder = Holder::Tokens { access_ttl: Duration::from_mins(5) };

pub fn context() -> RequestContext {
    let ip = Some("192.0.2.1".parse().unwrap());
    RequestContext { ip, request_id: "request".to_owned(), ..RequestContext::default() }
}

pub fn sign_up(email: &str) -> SignUp {
    SignUp {
        email: email.to_owned(),
        password: Password::new(PASSWORD),
        form: SignUpForm::default(),
        holder: TOKENS,
        send_proof: true,
        context: context(),
    }
}

pub fn sign_in(email: &str, password: &str) -> SignIn {
    SignIn {
        identity: Identity::Email(email.to_owned()),
        password: Password::new(password),
        holder: TOKENS,
        context: context(),
    }
}

pub fn temporary_token(started: &SignUpStarted) -> OpaqueToken {
    match &started.handle {
        Handle::Temporary(token) => token.clone(),
        Handle::Cookie(_) => panic!("a cookie for a client that keeps tokens"),
    }
}

/// Requests the code that an attempt needs next.
pub fn send_proof(attempt: AttemptRef) -> SendProof {
    SendProof { attempt, step: Step::Next, redirect_to: None, last_digits: None, context: context() }
}

pub fn verify(token: &OpaqueToken, code: &str) -> VerifyAttempt {
    VerifyAttempt {
        attempt: AttemptRef::Temporary(token.clone()),
        step: Step::Next,
        code: code.to_owned(),
        holder: TOKENS,
        context: context(),
    }
}

pub fn verify_link(token: &str) -> VerifyEmail {
    VerifyEmail {
        proof: EmailProof::Link { token: token.to_owned(), cookie: None, caller: None },
        sign_in: Some(TOKENS),
        context: context(),
    }
}

pub fn refresh(token: &OpaqueToken) -> RefreshAccess {
    RefreshAccess { refresh_token: token.expose().to_owned(), access_ttl: Duration::from_mins(5), context: context() }
}

/// Lets what comes next be later than what came before.
pub fn tick(test: &TestCore) {
    test.clock.advance(Duration::from_millis(1));
}

/// Code of the newest mail to an address.
pub fn code(test: &TestCore, email: &str) -> String {
    code_of(test.mails_to(email).last().unwrap()).unwrap().to_owned()
}

/// Token of the newest mail's link.
pub fn link_token(test: &TestCore, email: &str) -> String {
    let mail: Mail = test.mails_to(email).pop().unwrap();
    link_of(&mail).unwrap().split_once("#token=").unwrap().1.to_owned()
}

/// A code that is not the right one.
pub fn wrong(code: &str) -> String {
    let last = code.chars().last().unwrap();
    format!("{}{}", &code[..code.len() - 1], if last == '0' { '1' } else { '0' })
}

/// The whole audit trail of an account, which is unbroken.
pub fn trail(test: &TestCore, user: UserId) -> Vec<AuditRecord> {
    let mut queries = test.ports.storage.read().unwrap();
    let trail = queries.audit_trail(user, 0, i64::MAX).unwrap();
    let mut check = ChainCheck::default();
    for record in &trail {
        check.next(record, &|context, data| test.ports.vault.mac(context, data)).unwrap();
    }
    if let Some(account) = queries.user(user).unwrap() {
        check.end(&account.audit_head).unwrap();
    }
    trail
}

/// How often something happened to an account.
pub fn count_events(test: &TestCore, user: UserId, action: Action) -> usize {
    trail(test, user).iter().filter(|record| record.action == action.as_str()).count()
}

/// The sign-in of an attempt that needed nothing more.
pub fn completed(verified: AttemptVerified) -> SignedIn {
    match verified {
        AttemptVerified::Completed(signed_in) => *signed_in,
        AttemptVerified::Incomplete { attempt, .. } => panic!("{:?} is still required", attempt.next()),
    }
}

pub fn tokens_of(signed_in: SignedIn) -> TokenSet {
    match signed_in.access {
        Access::Tokens(tokens) => tokens,
        Access::Cookie(_) => panic!("a cookie for a client that keeps tokens"),
    }
}

/// A new account, proven by its code.
pub fn signed_up(test: &TestCore, email: &str) -> TokenSet {
    let started = sign_up(email).execute(&test.core).unwrap();
    let done = verify(&temporary_token(&started), &code(test, email)).execute(&test.core);
    tokens_of(completed(done.unwrap()))
}
