//! `/auth/identify` and `/auth/signin`: the sign-in by password, or by a phone number and a code.

use actix_web::web::Payload;
use selfsame_application::{
    Core,
    sign_in::{
        with_password::{Identity, SignIn, SignInOutcome},
        with_phone::BeginPhoneSignIn,
    },
};
use selfsame_domain::{Attempt, OpaqueToken, Password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Fails, Sender, Wacht,
    captcha::ChallengeToken,
    envelope::Envelope,
    reasons::{
        CHALLENGE_REQUIRED, COUNTRY_RESTRICTED, INVALID_CREDENTIALS, NOT_AUTHENTICATED, PHONE_OTP_OFF, REQUIRED_FIELD,
        UNKNOWN_STRATEGY, USER_DISABLED,
    },
    session_object::Session,
    session_response::{cookie_of_access, cookie_of_handle},
};
use crate::{
    Lane,
    body::Members,
    call::HandlerResult,
    document::{Frozen, RateLimited},
    rejection::Rejection,
};

/// The kind of identifier in a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[schema(as = wacht::Strategy)]
#[serde(rename_all = "snake_case")]
pub(super) enum Strategy {
    PlainEmail,
    PlainUsername,
    PhoneOtp,
}

/// Input of `POST /auth/signin`.
#[derive(ToSchema)]
#[schema(as = wacht::SignInForm, example = json!({
    "strategy": "plain_email", "email": "john@example.com", "password": "correct horse battery staple",
}))]
struct SignInForm {
    #[schema(value_type = Strategy)]
    strategy: Option<Strategy>,
    /// With `plain_email`.
    #[schema(value_type = Option<String>, format = Email, max_length = 254, example = "john@example.com")]
    email: String,
    /// With `plain_username`.
    #[schema(value_type = Option<String>, max_length = 30, example = "johndoe")]
    username: String,
    /// With `plain_email` and `plain_username`.
    #[schema(value_type = Option<String>, format = Password, min_length = 1, example = "correct horse battery staple")]
    password: Password,
    /// With `phone_otp`.
    #[schema(value_type = Option<String>, required = false, max_length = 40)]
    phone: String,
    /// With `phone_otp`, for a national number: a dialling code or a region.
    #[schema(value_type = Option<String>, required = false)]
    phone_country_code: Option<String>,
    /// Of `/captcha/redeem`, if the operator demands a challenge.
    #[schema(value_type = Option<String>, required = false)]
    challenge_token: ChallengeToken,
}

impl SignInForm {
    /// The required fields depend on the strategy. If it is unknown, no other field is checked.
    fn read(members: &mut Members<'_>) -> Self {
        let strategy = serde_json::from_value(members.required_text("strategy").into()).ok();
        let by_password = matches!(strategy, Some(Strategy::PlainEmail | Strategy::PlainUsername));
        let mut required = |name, is_needed| if is_needed { members.required_text(name) } else { String::new() };
        Self {
            strategy,
            email: required("email", strategy == Some(Strategy::PlainEmail)),
            username: required("username", strategy == Some(Strategy::PlainUsername)),
            password: Password::new(&required("password", by_password)),
            phone: required("phone", strategy == Some(Strategy::PhoneOtp)),
            phone_country_code: members.optional_text("phone_country_code").filter(|code| !code.is_empty()),
            challenge_token: ChallengeToken::read(members),
        }
    }

    /// The identity, or none for a phone number.
    fn identity(&self) -> Result<Option<Identity>, Rejection<Wacht>> {
        Ok(match self.strategy.ok_or(UNKNOWN_STRATEGY)? {
            Strategy::PlainEmail => Some(Identity::Email(self.email.clone())),
            Strategy::PlainUsername => Some(Identity::Username(self.username.clone())),
            Strategy::PhoneOtp => None,
        })
    }

    /// Begins the sign-in.
    fn begin(
        self,
        core: &Core,
        identity: Option<Identity>,
        sender: &Sender,
    ) -> Result<(Option<OpaqueToken>, Attempt), Rejection<Wacht>> {
        let (holder, context) = (sender.holder(), sender.context.clone());
        let Some(identity) = identity else {
            let begin = BeginPhoneSignIn { number: self.phone, country: self.phone_country_code, holder, context };
            let begun = begin.execute(core)?;
            return Ok((cookie_of_handle(begun.handle), begun.attempt));
        };
        Ok(match (SignIn { identity, password: self.password, holder, context }).execute(core)? {
            SignInOutcome::Completed(signed_in) => (cookie_of_access(signed_in.access), signed_in.attempt),
            SignInOutcome::Incomplete { attempt, handle, .. } => (cookie_of_handle(handle), attempt),
        })
    }
}

/// The way to sign in. It is always the password, so the response does not show which accounts exist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Identified)]
struct Identified {
    #[schema(example = "password")]
    strategy: &'static str,
}

/// Read the way to sign in
///
/// Always `password`. The field `identifier` of the SDK is ignored. If the operator demands a challenge, the field
/// `challenge_token` is required.
#[utoipa::path(
    post, path = "/auth/identify", operation_id = "wacht_identify", tag = "wacht",
    security((), ("session_id" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The strategy.", body = Envelope<Identified>,
            headers(("Set-Cookie" = String, description = "The session cookies, if the request had none."))),
        Fails<(CHALLENGE_REQUIRED, NOT_AUTHENTICATED)>,
    ),
)]
pub(super) async fn identify(call: Call, payload: Payload) -> HandlerResult {
    let options = call.services().wacht.clone();
    // Without a challenge nothing in the form matters, whatever its content type.
    let body = if options.challenge { Some(call.body(payload).await?) } else { None };
    let session = call
        .run(Lane::Database, move |core, sender| {
            let session = sender.session(core)?;
            if let Some(body) = body {
                body.read(ChallengeToken::read)?.spend(core, &options)?;
            }
            Ok(session)
        })
        .await?;
    call.respond_with_data(Identified { strategy: "password" }, session)
}

/// Sign in by password, or by phone number
///
/// If the address of the account is not verified, the attempt is not `completed` and needs a mailed code. Continue with
/// `/auth/prepare-verification` and `/auth/attempt-verification`. If the account has an authenticator, the attempt needs a code
/// of it or a backup code (`verify_second_factor`): continue with `/auth/attempt-verification`. If it has a phone number as second
/// factor, `available_2fa_methods` has `phone_otp`, and `/auth/prepare-verification` sends the code.
///
/// With `phone_otp`, where the operator allows it, the attempt needs the code of a text message (`verify_phone_otp`). A number
/// without an account is answered in the same way, and gets no code.
#[utoipa::path(
    post, path = "/auth/signin", operation_id = "wacht_sign_in", tag = "wacht",
    security((), ("session_id" = [])),
    request_body(content(
        (SignInForm = "multipart/form-data"),
        (SignInForm = "application/x-www-form-urlencoded"),
        (SignInForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session, with this attempt as the last one.", body = Envelope<Session>,
            headers(("Set-Cookie" = String, description = "The session cookies. Every sign-in sets new ones."))),
        Fails<((REQUIRED_FIELD, CHALLENGE_REQUIRED), INVALID_CREDENTIALS, NOT_AUTHENTICATED,
            (UNKNOWN_STRATEGY, PHONE_OTP_OFF, COUNTRY_RESTRICTED), (USER_DISABLED, Frozen), RateLimited)>,
    ),
)]
pub(super) async fn sign_in(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let options = call.services().wacht.clone();
    let session = call
        .run(Lane::Password, move |core, sender| {
            let mut form = body.read(SignInForm::read)?;
            let challenge_token = std::mem::take(&mut form.challenge_token);
            let identity = form.identity()?;
            sender.check_token(core)?;
            challenge_token.spend(core, &options)?;
            let (cookie, attempt) = form.begin(core, identity, &sender)?;
            sender.session_after_step(core, cookie, attempt)
        })
        .await?;
    call.respond_with_session(session)
}
