//! The application core over memory and fakes, for tests of use cases and of wire contracts.

use std::{sync::Arc, time::Duration};

use selfsame_application::{
    AttributesSchema, Authenticate, Caller, Core, Credential, Limits, Policy, Ports,
    attempts::{Access, Holder, TokenSet},
    mail::deliver::Deliver,
    operator::users::CreateUser,
    passkeys::{BeginPasskeyRegistration, RegisterPasskey},
    second_factors::{
        begin_totp::BeginTotp,
        confirm_totp::{ConfirmTotp, TotpCodes},
    },
    sessions::open::OpenSession,
    sign_in::{
        with_passkey::{BeginPasskeySignIn, PasskeySignIn},
        with_password::{Identity, SignIn, SignInOutcome},
    },
};
use selfsame_domain::{
    self as domain, Assurance, AuthorizedClient, Factor, Factors, Identifier, IdentifierKind, OpaqueToken, Password,
    PhoneNumber, RequestContext, SessionId, SignUpForm, TotpSecret, User, totp::step_at,
};
use selfsame_passkeys_webauthn_rs::{RelyingParty, WebauthnRs};
use selfsame_ports::{
    Channel, Clock as _, Mail, Message, NewAccessToken, OutboxMessage, Sms, Storage as _, TextMessage,
};

use crate::{
    authenticator::{ORIGIN, SoftwareKey},
    builders::{a_refresh_chain, a_session, a_sign_in, a_token, fresh_id},
    fakes::{FakePictures, FakeTokens, FixedClock, MemoryBlobs, PlainPasswords, TestVault},
    memory::MemoryStorage,
};

/// The relying party at [`ORIGIN`].
fn webauthn() -> WebauthnRs {
    let party = RelyingParty {
        id: "localhost".to_owned(),
        name: "Selfsame".to_owned(),
        origins: vec![ORIGIN.parse().unwrap()],
        timeout: Duration::from_mins(5),
    };
    WebauthnRs::new(&party).unwrap()
}

/// A password that the shipped policy takes.
pub const PASSWORD: &str = "correct horse battery staple";

/// How the tests' delivery works.
const DELIVER: Deliver = Deliver {
    batch: 20,
    lease: chrono::Duration::minutes(2),
    longest_send: chrono::Duration::seconds(20),
    max_attempts: 10,
    first_pause: Duration::from_secs(5),
    longest_pause: Duration::from_hours(1),
};

/// A core and the fakes below it.
pub struct TestCore {
    /// The core.
    pub core: Arc<Core>,
    /// The ports that it is over, all of them.
    pub ports: Ports,
    /// Its database and rate limiter.
    pub storage: Arc<MemoryStorage>,
    /// Its clock.
    pub clock: Arc<FixedClock>,
    /// Its password hasher.
    pub passwords: Arc<PlainPasswords>,
    /// Its files.
    pub blobs: Arc<MemoryBlobs>,
    /// Its picture processing.
    pub pictures: Arc<FakePictures>,
    limits: Limits,
}

impl Default for TestCore {
    fn default() -> Self {
        Self::new()
    }
}

impl TestCore {
    /// A core as shipped, at `http://localhost:8080`.
    pub fn new() -> Self {
        Self::with(|_, _| {})
    }

    /// A core with other decisions or budgets than the shipped ones.
    pub fn with(adjust: impl FnOnce(&mut Policy, &mut Limits)) -> Self {
        let mut policy = Policy::new("http://localhost:8080".parse().unwrap());
        let mut limits = Limits::default();
        adjust(&mut policy, &mut limits);
        Self::composed(policy, &limits, None)
    }

    /// A core whose attributes must hold against a JSON Schema.
    pub fn with_schema(schema: &serde_json::Value) -> Self {
        let policy = Policy::new("http://localhost:8080".parse().unwrap());
        Self::composed(policy, &Limits::default(), Some(AttributesSchema::new(schema.clone()).unwrap()))
    }

    fn composed(policy: Policy, limits: &Limits, attributes_schema: Option<AttributesSchema>) -> Self {
        let storage = Arc::new(MemoryStorage::new());
        let clock = Arc::new(FixedClock::new());
        let passwords = Arc::new(PlainPasswords::new());
        let blobs = Arc::new(MemoryBlobs::new());
        let pictures = Arc::new(FakePictures::new());
        let ports = Ports {
            storage: storage.clone(),
            rate_limits: storage.clone(),
            clock: clock.clone(),
            vault: Arc::new(TestVault::new(7)),
            passwords: passwords.clone(),
            tokens: Arc::new(FakeTokens::new([policy.audience.clone()])),
            foreign_tokens: None,
            blobs: blobs.clone(),
            pictures: pictures.clone(),
            webauthn: Some(Arc::new(webauthn())),
            mailbox: None,
            breached_passwords: None,
            places: None,
        };
        let core = Arc::new(Core::new(ports.clone(), policy, *limits, attributes_schema));
        Self { core, ports, storage, clock, passwords, blobs, pictures, limits: *limits }
    }

    /// The same with other ports, and without the JSON Schema if it had one.
    #[must_use]
    pub fn over(self, change: impl FnOnce(&mut Ports)) -> Self {
        let mut ports = self.ports;
        change(&mut ports);
        let core = Core::new(ports.clone(), self.core.policy.clone(), self.limits, None);
        Self { core: Arc::new(core), ports, ..self }
    }

    /// The mails that wait in the outbox, those of the jobs that are due included, opened, oldest first. Those that were of no
    /// use from the start, and so go to nobody, are left out.
    pub fn mails(&self) -> Vec<Message> {
        self.run_jobs();
        let open = |sealed: &OutboxMessage| {
            let json = self.ports.vault.open(&format!("outbox:mail:{}", sealed.id), &sealed.sealed).unwrap();
            serde_json::from_slice(&json).unwrap()
        };
        let waiting = self.storage.outbox();
        let is_mail =
            |message: &&OutboxMessage| message.channel == Channel::Mail && message.created_at < message.expires_at;
        waiting.iter().filter(is_mail).map(open).collect()
    }

    /// The text messages that wait in the outbox for one number, those of the jobs that are due included, oldest first.
    pub fn texts_to(&self, number: &str) -> Vec<Sms> {
        self.run_jobs();
        let open = |sealed: &OutboxMessage| -> TextMessage {
            let json = self.ports.vault.open(&format!("outbox:sms:{}", sealed.id), &sealed.sealed).unwrap();
            serde_json::from_slice(&json).unwrap()
        };
        let waiting = self.storage.outbox();
        let texts = waiting.iter().filter(|message| message.channel == Channel::Sms).map(open);
        texts.filter(|message| message.to == number).map(|message| message.sms).collect()
    }

    /// The code in the newest text message to a number.
    pub fn text_code(&self, number: &str) -> Option<String> {
        self.texts_to(number).into_iter().rev().find_map(|sms| match sms {
            Sms::VerifyPhone { code, .. } | Sms::SignIn { code, .. } => Some(code),
            Sms::Test => None,
        })
    }

    /// Runs the jobs that are due, as the delivery worker does.
    pub fn run_jobs(&self) {
        while !DELIVER.run_jobs(&self.core, &|| false).unwrap().is_idle() {}
    }

    /// Makes the exports that are due, as the delivery worker does.
    pub fn make_exports(&self) {
        while !DELIVER.make_exports(&self.core, &|| false).unwrap().is_idle() {}
    }

    /// What waits in the outbox for one address.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|message| message.to == address).map(|message| message.mail).collect()
    }

    /// The undo links of the notices that wait for one address, oldest first.
    pub fn undo_links_to(&self, address: &str) -> Vec<String> {
        let own = self.mails().into_iter().filter(|message| message.to == address);
        own.filter_map(|message| message.undo).map(|undo| undo.link).collect()
    }

    /// An account with a proven address and [`PASSWORD`].
    pub fn verified_user(&self, email: &str) -> User {
        self.user(email, true)
    }

    /// An account whose address nobody has proven, with [`PASSWORD`].
    pub fn unverified_user(&self, email: &str) -> User {
        self.user(email, false)
    }

    fn user(&self, email: &str, is_verified: bool) -> User {
        let password = Some(Password::new(PASSWORD));
        let create = CreateUser { email: email.to_owned(), is_verified, password, form: SignUpForm::default() };
        create.execute(&self.core).unwrap()
    }

    /// Signs the account with this address in, as a client that keeps tokens.
    pub fn tokens(&self, email: &str) -> TokenSet {
        let holder = Holder::Tokens { access_ttl: Duration::from_mins(5) };
        match self.sign_in(email, holder) {
            Access::Tokens(tokens) => tokens,
            Access::Cookie(_) => panic!("a cookie for a client that keeps tokens"),
        }
    }

    /// Signs the account with this address in, in a browser that has no cookie yet.
    pub fn cookie(&self, email: &str) -> OpaqueToken {
        match self.sign_in(email, Holder::Browser(None)) {
            Access::Cookie(cookie) => cookie,
            Access::Tokens(_) => panic!("tokens for a browser"),
        }
    }

    /// Registers a passkey for the account with this address.
    pub fn passkey(&self, email: &str) -> SoftwareKey {
        let (caller, key) = (self.caller(&self.tokens(email)), SoftwareKey::new());
        let context = RequestContext::default;
        let options = BeginPasskeyRegistration { context: context() }.execute(&self.core, &caller).unwrap();
        let register =
            RegisterPasskey { name: "My phone".to_owned(), response: key.register(&options), context: context() };
        register.execute(&self.core, &caller).unwrap();
        key
    }

    /// Signs the account of a passkey in, as a client that keeps tokens.
    pub fn tokens_by_passkey(&self, key: &SoftwareKey) -> TokenSet {
        match self.sign_in_by_passkey(key, Holder::Tokens { access_ttl: Duration::from_mins(5) }) {
            Access::Tokens(tokens) => tokens,
            Access::Cookie(_) => panic!("a cookie for a client that keeps tokens"),
        }
    }

    /// Signs the account of a passkey in, in a browser.
    pub fn cookie_by_passkey(&self, key: &SoftwareKey) -> OpaqueToken {
        let holder = Holder::Browser(Some(self.opened_cookie()));
        match self.sign_in_by_passkey(key, holder) {
            Access::Cookie(cookie) => cookie,
            Access::Tokens(_) => panic!("tokens for a browser"),
        }
    }

    fn opened_cookie(&self) -> OpaqueToken {
        OpenSession { cookie: None }.execute(&self.core).unwrap().new_cookie.unwrap()
    }

    fn sign_in_by_passkey(&self, key: &SoftwareKey, holder: Holder) -> Access {
        let context = RequestContext::default;
        let begin = BeginPasskeySignIn { email: None, holder: holder.clone(), context: context() };
        let response = key.sign(&begin.execute(&self.core).unwrap().options);
        let sign_in = PasskeySignIn { email: None, response, holder, context: context() };
        sign_in.execute(&self.core).unwrap().access
    }

    fn sign_in(&self, email: &str, holder: Holder) -> Access {
        let sign_in = SignIn {
            identity: Identity::Email(email.to_owned()),
            password: Password::new(PASSWORD),
            holder,
            context: RequestContext::default(),
        };
        match sign_in.execute(&self.core).unwrap() {
            SignInOutcome::Completed(signed_in) => signed_in.access,
            SignInOutcome::Incomplete { .. } => panic!("{email} is not verified"),
        }
    }

    /// Enrols an authenticator app for the account with this address, in a sign-in of its own, and lets one time step pass: the
    /// code that confirmed it cannot be used again.
    pub fn enrol_totp(&self, email: &str) -> TotpSecret {
        self.enrol_totp_in(&self.caller(&self.tokens(email)))
    }

    /// The same in the sign-in of a caller, which is proven by the app then.
    pub fn enrol_totp_in(&self, caller: &Caller) -> TotpSecret {
        let context = RequestContext::default();
        let begun = BeginTotp { replaces: false, context: context.clone() }.execute(&self.core, caller).unwrap();
        let codes = TotpCodes::One(self.totp_code(&begun.secret));
        ConfirmTotp { codes, backup_codes: 0, context }.execute(&self.core, caller).unwrap();
        self.clock.advance(Duration::from_secs(30));
        begun.secret
    }

    /// The code that an authenticator app shows now.
    pub fn totp_code(&self, secret: &TotpSecret) -> String {
        secret.code_at(step_at(self.clock.now())).to_string()
    }

    /// Changes the stored account with this address, as another use case would.
    pub fn change_user(&self, email: &str, change: impl FnOnce(&mut User)) {
        let found = self.storage.read().unwrap().by_identifier(IdentifierKind::Email, email).unwrap();
        let mut unit = self.storage.begin().unwrap();
        let before = unit.accounts().lock(found.unwrap().user.id).unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        after.touch(self.clock.now());
        unit.accounts().save(&before, &after).unwrap();
        unit.commit().unwrap();
    }

    /// Enrols these factors in the account with this address.
    pub fn enrol(&self, email: &str, factors: Factors) {
        self.change_user(email, |user| user.enrolled = factors);
    }

    /// Gives the account with this address a verified phone number.
    pub fn add_phone(&self, email: &str, number: &str) {
        let (phone, now) = (PhoneNumber::parse(number).unwrap(), self.clock.now());
        self.change_user(email, |user| {
            let mut own = Identifier::phone(fresh_id(), &phone, user.primary_phone().is_none(), now);
            own.verified_at = Some(now);
            user.identifiers.push(own);
        });
    }

    /// Makes a verified phone number of the account its second factor.
    pub fn enrol_phone(&self, email: &str, number: &str) {
        let now = self.clock.now();
        self.change_user(email, |user| {
            let own = user.identifiers.iter().find(|own| own.canonical == number).unwrap().id;
            user.enrol_phone(own, now);
        });
    }

    /// An access token of a new sign-in by these factors.
    pub fn access_token_by(&self, email: &str, methods: Factors) -> String {
        self.access_token(&self.stored_sign_in(email, methods, None, None))
    }

    /// An access token of a new sign-in of an application.
    pub fn access_token_of(&self, email: &str, client: &AuthorizedClient) -> String {
        self.access_token_of_by(email, Factors::of([Factor::Password]), client)
    }

    /// The same after a sign-in of the user by these factors.
    pub fn access_token_of_by(&self, email: &str, methods: Factors, client: &AuthorizedClient) -> String {
        self.access_token(&self.stored_sign_in(email, methods, None, Some(client.clone())))
    }

    fn access_token(&self, sign_in: &domain::SignIn) -> String {
        let new = NewAccessToken {
            user_id: sign_in.user_id,
            sign_in_id: sign_in.id,
            audience: self.core.policy.audience.clone(),
            ttl: Duration::from_mins(5),
            scope: sign_in.client.as_ref().map(|client| client.scopes.to_text()),
            client_id: sign_in.client.as_ref().map(|client| client.id.clone()),
        };
        self.ports.tokens.issue(&new, self.clock.now()).unwrap().0
    }

    /// The caller of a new sign-in by these factors, which keeps tokens.
    pub fn caller_by(&self, email: &str, methods: Factors) -> Caller {
        Authenticate::new(Credential::Bearer(self.access_token_by(email, methods))).execute(&self.core).unwrap()
    }

    /// The cookie of a browser with a new sign-in by these factors.
    pub fn cookie_by(&self, email: &str, methods: Factors) -> OpaqueToken {
        let (session, cookie) = (a_session(), a_token());
        let mut unit = self.storage.begin().unwrap();
        unit.sessions().insert(&session, &cookie.hash()).unwrap();
        unit.commit().unwrap();
        self.stored_sign_in(email, methods, Some(session.id), None);
        cookie
    }

    fn stored_sign_in(
        &self,
        email: &str,
        methods: Factors,
        session_id: Option<SessionId>,
        client: Option<AuthorizedClient>,
    ) -> domain::SignIn {
        let now = self.clock.now();
        let user = self.storage.read().unwrap().by_identifier(IdentifierKind::Email, email).unwrap().unwrap().user;
        let sign_in = domain::SignIn {
            session_id,
            activated_at: session_id.map(|_| now),
            created_at: now,
            assurance: Assurance { authenticated_at: now, methods },
            refresh: session_id.is_none().then(a_refresh_chain),
            last_active_at: now,
            expires_at: now + chrono::Duration::days(30),
            client,
            ..a_sign_in(&user)
        };
        let mut unit = self.storage.begin().unwrap();
        unit.sessions().insert_sign_in(&sign_in).unwrap();
        unit.commit().unwrap();
        sign_in
    }

    /// The caller that tokens stand for.
    pub fn caller(&self, tokens: &TokenSet) -> Caller {
        let credential = Credential::Bearer(tokens.access_token.token.clone());
        Authenticate::new(credential).execute(&self.core).unwrap()
    }
}
