//! Anonymous browser sessions, which are not stored: a MAC in the cookie proves that this server made it.
//!
//! A row is written when a sign-up or a sign-in starts. From then on the cookie is looked up by its hash like any
//! other, and the sign-in replaces it (R40). So requests for sessions cannot fill the database.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{Instant, OpaqueToken, Session, SessionId, id::Id as _, token::TOKEN_BYTES};
use subtle::ConstantTimeEq as _;

use crate::Core;

const CONTEXT: &str = "anonymous session";
/// The cookie's payload: eight bytes of id and eight random ones.
const BODY: usize = 16;

impl Core {
    /// A session for a browser that has none, and its cookie. Nothing is stored.
    pub(crate) fn new_anonymous_session(&self) -> (Session, OpaqueToken) {
        let id: SessionId = self.id();
        let mut bytes = [0; TOKEN_BYTES];
        bytes[..8].copy_from_slice(&id.number().to_be_bytes());
        bytes[8..BODY].copy_from_slice(&self.random::<8>());
        let mac = self.vault.mac(CONTEXT, &bytes[..BODY]);
        bytes[BODY..].copy_from_slice(&mac[..TOKEN_BYTES - BODY]);
        (self.anonymous_session(id, self.clock.now()), OpaqueToken::from_bytes(&bytes))
    }

    /// The session that a cookie of [`Core::new_anonymous_session`] stands for; `None` for any other text (R41).
    pub(crate) fn known_anonymous_session(&self, token: &OpaqueToken) -> Option<Session> {
        let bytes = URL_SAFE_NO_PAD.decode(token.expose()).ok()?;
        let (body, mac) = bytes.split_at_checked(BODY)?;
        let expected = self.vault.mac(CONTEXT, body);
        if !bool::from(mac.ct_eq(&expected[..TOKEN_BYTES - BODY])) {
            return None;
        }
        let id = SessionId::from_number(i64::from_be_bytes(body.get(..8)?.try_into().ok()?));
        let session = self.anonymous_session(id, selfsame_domain::id::instant_of(id.number()));
        session.is_live(self.clock.now(), self.policy.absolute).then_some(session)
    }

    fn anonymous_session(&self, id: SessionId, created_at: Instant) -> Session {
        Session { id, created_at, last_seen_at: created_at, expires_at: created_at + self.policy.absolute }
    }
}
