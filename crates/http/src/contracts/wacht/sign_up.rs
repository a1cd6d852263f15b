//! `/auth/signup`: the start of a sign-up.

use actix_web::web::Payload;
use selfsame_application::sign_up::start::SignUp;
use selfsame_domain::{Password, PhoneNumber, SignUpForm as Claims};
use utoipa::ToSchema;

use super::{
    Call, Fails, Sender,
    captcha::ChallengeToken,
    envelope::Envelope,
    reasons::{CHALLENGE_REQUIRED, NOT_AUTHENTICATED, REQUIRED_FIELD, USERNAME_EXISTS},
    session_object::Session,
    session_response::cookie_of_handle,
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited};

/// Input of `POST /auth/signup`. An empty field counts as absent.
#[derive(ToSchema)]
#[schema(as = wacht::SignUpForm)]
struct SignUpForm {
    #[schema(format = Email, max_length = 254, example = "john@example.com")]
    email: String,
    #[schema(value_type = String, format = Password, min_length = 15, max_length = 256)]
    #[schema(example = "correct horse battery staple")]
    password: Password,
    #[schema(max_length = 100, example = "John")]
    first_name: Option<String>,
    #[schema(max_length = 100, example = "Doe")]
    last_name: Option<String>,
    /// 3 to 30 characters, a letter first.
    #[schema(max_length = 30, example = "johndoe")]
    username: Option<String>,
    #[schema(example = "612345678")]
    phone_number: Option<String>,
    /// Dialling code or region, for a national number.
    #[schema(example = "+31")]
    phone_country_code: Option<String>,
    /// Of `/captcha/redeem`, if the operator demands a challenge.
    #[schema(value_type = Option<String>, required = false)]
    challenge_token: ChallengeToken,
}

impl SignUpForm {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            email: members.required_text("email"),
            password: members.required_password("password"),
            first_name: members.optional_text("first_name"),
            last_name: members.optional_text("last_name"),
            username: members.optional_text("username"),
            phone_number: members.optional_text("phone_number"),
            phone_country_code: members.optional_text("phone_country_code"),
            challenge_token: ChallengeToken::read(members),
        }
    }

    fn into_use_case(self, sender: &Sender) -> SignUp {
        let country = self.phone_country_code;
        let form = Claims {
            given_name: self.first_name,
            family_name: self.last_name,
            name: None,
            preferred_username: self.username,
            phone_number: self.phone_number.map(|number| international(number, country.as_deref())),
        };
        // The SDK requests the mail by prepare-verification.
        let (holder, context) = (sender.holder(), sender.context.clone());
        SignUp { email: self.email, password: self.password, form, holder, send_proof: false, context }
    }
}

/// The international form of a national number. An invalid number stays as sent, and the domain refuses it.
fn international(sent: String, country: Option<&str>) -> String {
    let number = PhoneNumber::parse_in(&sent, country);
    number.map_or(sent, |number| number.as_str().to_owned())
}

/// Start a sign-up
///
/// The response is the same whether or not the address has an account. Continue with the `id` of the last of
/// `signup_attempts`: request the code with `/auth/prepare-verification`, and send it to `/auth/attempt-verification`.
#[utoipa::path(
    post, path = "/auth/signup", operation_id = "wacht_sign_up", tag = "wacht",
    security((), ("session_id" = [])),
    request_body(content(
        (SignUpForm = "multipart/form-data"),
        (SignUpForm = "application/x-www-form-urlencoded"),
        (SignUpForm = "application/json"),
    )),
    responses(
        (status = 200, description = "The session, with this attempt as the last one.", body = Envelope<Session>,
            headers(("Set-Cookie" = String, description = "The session cookies, if they changed."))),
        Fails<(REQUIRED_FIELD, CHALLENGE_REQUIRED, NOT_AUTHENTICATED, USERNAME_EXISTS, RateLimited)>,
    ),
)]
pub(super) async fn sign_up(call: Call, payload: Payload) -> HandlerResult {
    let body = call.body(payload).await?;
    let options = call.services().wacht.clone();
    let session = call
        .run(Lane::Password, move |core, sender| {
            let mut form = body.read(SignUpForm::read)?;
            sender.check_token(core)?;
            std::mem::take(&mut form.challenge_token).spend(core, &options)?;
            let started = form.into_use_case(&sender).execute(core)?;
            sender.session_after_step(core, cookie_of_handle(started.handle), started.attempt)
        })
        .await?;
    call.respond_with_session(session)
}
