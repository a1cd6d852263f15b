//! The tokens of the forms of this server's pages (R52): bound to the cookie of the browser and to the user for whom the page
//! was made. So a page of another site cannot send a form, and nobody consents for another account than the page names.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{OpaqueToken, UserId};
use subtle::ConstantTimeEq as _;

use crate::Core;

const CONTEXT: &str = "form";

impl Core {
    /// The token of a form for the browser with this cookie and, if it is signed in, for this user.
    pub fn form_token(&self, cookie: &OpaqueToken, user: Option<UserId>) -> String {
        let user = user.map(|user| user.to_string()).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(self.vault.mac(CONTEXT, format!("{}|{user}", cookie.expose()).as_bytes()))
    }

    /// Whether this is the token of such a form.
    pub fn is_form_token(&self, sent: &str, cookie: &OpaqueToken, user: Option<UserId>) -> bool {
        bool::from(sent.as_bytes().ct_eq(self.form_token(cookie, user).as_bytes()))
    }
}
