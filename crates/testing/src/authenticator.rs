//! A software authenticator with one passkey, and the browser before it: answers the options of the server with the JSON that
//! pages send back.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Waker},
};

use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData},
    crypto::AvailableBackend,
    types::{
        Passkey,
        ctap2::{Aaguid, Ctap2Error},
    },
};
use serde_json::{Value, json};
use url::Url;

/// The origin of the pages in front of the tests' servers.
pub const ORIGIN: &str = "http://localhost:8080";

/// An authenticator with at most one passkey. A clone is the same authenticator.
#[derive(Clone, Default)]
pub struct SoftwareKey {
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    passkey: Mutex<Option<Passkey>>,
    has_counter: bool,
    is_careless: AtomicBool,
}

/// The person at the authenticator.
struct Person {
    is_careless: bool,
}

impl SoftwareKey {
    /// An authenticator without a signature counter, as those of phones are.
    pub fn new() -> Self {
        Self::default()
    }

    /// An authenticator with a signature counter.
    pub fn with_counter() -> Self {
        Self { state: Arc::new(State { has_counter: true, ..State::default() }) }
    }

    /// From now on it does not verify the user, whatever it is asked for.
    pub fn be_careless(&self) {
        self.state.is_careless.store(true, Ordering::Relaxed);
    }

    /// Another authenticator with the passkey as it is now.
    #[must_use]
    pub fn copy(&self) -> Self {
        let passkey = Mutex::new(self.passkey().clone());
        Self { state: Arc::new(State { passkey, has_counter: self.state.has_counter, ..State::default() }) }
    }

    /// Makes it know its account by another handle.
    pub fn set_user_handle(&self, handle: &[u8]) {
        self.passkey().as_mut().unwrap().user_handle = Some(handle.to_vec().into());
    }

    /// Makes a passkey for the options of a registration, on a page of [`ORIGIN`].
    pub fn register(&self, options: &Value) -> Value {
        self.register_at(ORIGIN, options)
    }

    /// The same on a page of another origin.
    pub fn register_at(&self, origin: &str, options: &Value) -> Value {
        let options = serde_json::from_value(json!({ "publicKey": self.shown(options) })).unwrap();
        let mut client = Client::new(self.authenticator()).allows_insecure_localhost(true);
        let answer = at_once(client.register(&Url::parse(origin).unwrap(), options, DefaultClientData)).unwrap();
        *self.passkey() = client.authenticator().store().clone();
        serde_json::to_value(answer).unwrap()
    }

    /// Signs the challenge of an authentication, on a page of [`ORIGIN`].
    pub fn sign(&self, options: &Value) -> Value {
        self.sign_at(ORIGIN, options)
    }

    /// The same on a page of another origin.
    pub fn sign_at(&self, origin: &str, options: &Value) -> Value {
        let options = serde_json::from_value(json!({ "publicKey": self.shown(options) })).unwrap();
        let mut client = Client::new(self.authenticator()).allows_insecure_localhost(true);
        let answer = at_once(client.authenticate(&Url::parse(origin).unwrap(), options, DefaultClientData)).unwrap();
        *self.passkey() = client.authenticator().store().clone();
        serde_json::to_value(answer).unwrap()
    }

    /// The options as the authenticator gets them: no list in place of an empty one, and no demand to verify the user if it
    /// would not.
    fn shown(&self, options: &Value) -> Value {
        let mut options = options.clone();
        if options["allowCredentials"] == json!([]) {
            options["allowCredentials"] = Value::Null;
        }
        if self.state.is_careless.load(Ordering::Relaxed) {
            for path in ["/userVerification", "/authenticatorSelection/userVerification"] {
                if let Some(verification) = options.pointer_mut(path) {
                    *verification = "discouraged".into();
                }
            }
        }
        options
    }

    fn authenticator(&self) -> Authenticator<Option<Passkey>, Person, AvailableBackend> {
        let person = Person { is_careless: self.state.is_careless.load(Ordering::Relaxed) };
        let passkey = self.passkey().clone();
        let mut authenticator = Authenticator::new(Aaguid::new_empty(), passkey, person, AvailableBackend);
        authenticator.set_make_credentials_with_signature_counter(self.state.has_counter);
        authenticator
    }

    fn passkey(&self) -> MutexGuard<'_, Option<Passkey>> {
        self.state.passkey.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl UserValidationMethod for Person {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification: verification && !self.is_careless })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// The result of a future that never waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the software authenticator waits"),
    }
}
