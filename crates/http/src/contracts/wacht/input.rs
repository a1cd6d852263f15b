//! From form fields to use cases. Everything that is wrong with the fields is told at once.
//!
//! Unknown fields are ignored (R63), `challenge_token` and `invite_token` among them. The SDK's forms post every field they
//! have, so an empty text is an absent one, except where it clears: in the writes of `/me`.

use actix_web::http::StatusCode;
use selfsame_application::{
    attempts::AttemptRef,
    password::reset::ResetPassword,
    profile::update::{NewPicture, UpdateProfile},
    sessions::sign_out::SignOutError,
    sessions::switch::SwitchSignInError,
    sign_in::with_password::{Identity, SignIn},
    sign_up::start::SignUp,
};
use selfsame_domain::{
    Change, IdentifierId, Password, PhoneNumber, ProfilePatch, SecondFactorPolicy, SignInId, SignUpForm, id::Id as _,
};

use super::{
    Rejection,
    visitor::Visitor,
    wire::{AttemptQuery, EMAIL_OTP, ErrorObject, ProofQuery, SignInQuery},
};
use crate::body::{FieldError, Fields};

/// `POST /auth/signup`.
pub(super) fn sign_up(fields: &Fields, visitor: &Visitor) -> Result<SignUp, Rejection> {
    let mut input = Input::of(fields);
    let email = input.required("email");
    let password = Password::new(&input.required("password"));
    let form = SignUpForm {
        given_name: input.optional("first_name"),
        family_name: input.optional("last_name"),
        name: None,
        preferred_username: input.optional("username"),
        phone_number: phone_number(input.optional("phone_number"), input.optional("phone_country_code").as_deref()),
    };
    // The SDK asks for the mail itself, by prepare-verification.
    input.checked(SignUp {
        email,
        password,
        form,
        holder: visitor.holder(),
        send_proof: false,
        context: visitor.context.clone(),
    })
}

/// `POST /auth/signin`.
pub(super) fn sign_in(fields: &Fields, visitor: &Visitor) -> Result<SignIn, Rejection> {
    let mut input = Input::of(fields);
    let strategy = input.required("strategy");
    let identity = match strategy.as_str() {
        "plain_email" => Identity::Email(input.required("email")),
        "plain_username" => Identity::Username(input.required("username")),
        _ => {
            input.finish()?;
            return Err(Rejection::invalid_state("Sign in with an email address or a username, and a password."));
        }
    };
    let password = Password::new(&input.required("password"));
    input.checked(SignIn { identity, password, holder: visitor.holder(), context: visitor.context.clone() })
}

/// `POST /auth/prepare-verification`: which attempt is to be proven, by a strategy that there is.
pub(super) fn proof(query: &ProofQuery, visitor: &Visitor) -> Result<AttemptRef, Rejection> {
    match query.strategy.as_deref() {
        None | Some("") => Err(Rejection::missing("The parameter strategy is required.")),
        Some(EMAIL_OTP) => attempt_ref(query.attempt_identifier.as_deref(), visitor),
        Some(_) => Err(Rejection::invalid_state("Codes are sent by email here. Use the strategy email_otp.")),
    }
}

/// `POST /auth/attempt-verification`: which attempt.
pub(super) fn attempt(query: &AttemptQuery, visitor: &Visitor) -> Result<AttemptRef, Rejection> {
    attempt_ref(query.attempt_identifier.as_deref(), visitor)
}

/// An id that cannot be read is as unknown as one that never was.
fn attempt_ref(id: Option<&str>, visitor: &Visitor) -> Result<AttemptRef, Rejection> {
    let id = id
        .filter(|id| !id.is_empty())
        .ok_or_else(|| Rejection::missing("The parameter attempt_identifier is required."))?;
    let id = id.parse().map_err(|_unreadable| Rejection::unknown_attempt())?;
    Ok(AttemptRef::Held { id, cookie: visitor.cookie().cloned() })
}

/// `POST /session/sign-out`: the sign-in to end, or none for all.
pub(super) fn ending(query: &SignInQuery) -> Result<Option<SignInId>, Rejection> {
    let id = query.sign_in_id.as_deref().filter(|id| !id.is_empty());
    Ok(id.map(str::parse).transpose().map_err(|_unreadable| SignOutError::UnknownSignIn)?)
}

/// `POST /session/switch-sign-in`.
pub(super) fn switching(query: &SignInQuery) -> Result<SignInId, Rejection> {
    let id = query.sign_in_id.as_deref().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| Rejection::missing("The parameter sign_in_id is required."))?;
    Ok(id.parse().map_err(|_unreadable| SwitchSignInError::UnknownSignIn)?)
}

/// `POST /auth/attempt-verification`: the code.
pub(super) fn verification_code(fields: &Fields) -> Result<String, Rejection> {
    let mut input = Input::of(fields);
    let code = input.required("verification_code");
    input.checked(code)
}

/// `POST /auth/forgot-password`: the address, and in the second step the code.
pub(super) fn forgotten(fields: &Fields) -> Result<(String, Option<String>), Rejection> {
    let mut input = Input::of(fields);
    let asked = (input.required("email"), input.optional("otp"));
    input.checked(asked)
}

/// `POST /auth/reset-password`.
pub(super) fn reset(fields: &Fields, visitor: &Visitor) -> Result<ResetPassword, Rejection> {
    let mut input = Input::of(fields);
    let token = input.required("token");
    let new_password = Password::new(&input.required("password"));
    input.checked(ResetPassword { token, new_password, context: visitor.context.clone() })
}

/// `POST /me` and `PATCH /me`.
pub(super) fn profile(fields: &Fields, visitor: &Visitor) -> Result<UpdateProfile, Rejection> {
    let mut input = Input::of(fields);
    let patch = ProfilePatch {
        given_name: input.clearable("first_name"),
        family_name: input.clearable("last_name"),
        preferred_username: input.clearable("username"),
        primary_email: input.identifier("primary_email_address_id"),
        primary_phone: input.identifier("primary_phone_number_id"),
        second_factor_policy: input.second_factor_policy("second_factor_policy"),
        ..ProfilePatch::default()
    };
    let picture = if input.flag("remove_profile_picture") { Change::Clear } else { Change::Keep };
    input.checked(UpdateProfile { patch, picture, expected_version: None, context: visitor.context.clone() })
}

/// `POST /me/profile-picture`.
pub(super) fn picture(fields: &Fields, visitor: &Visitor) -> Result<UpdateProfile, Rejection> {
    let mut input = Input::of(fields);
    let file = input.file("file");
    let picture = Change::Set(NewPicture::Bytes(file));
    input.checked(UpdateProfile { picture, context: visitor.context.clone(), ..UpdateProfile::default() })
}

/// The national number and its country in one. What cannot be put together stays as typed, for the domain to refuse.
fn phone_number(typed: Option<String>, country: Option<&str>) -> Option<String> {
    let typed = typed?;
    let international = PhoneNumber::parse_in(&typed, country);
    Some(international.map_or(typed, |number| number.as_str().to_owned()))
}

/// Fields, and what was wrong with those read so far.
struct Input<'f> {
    fields: &'f Fields,
    errors: Vec<ErrorObject>,
}

impl<'f> Input<'f> {
    fn of(fields: &'f Fields) -> Self {
        Self { fields, errors: Vec::new() }
    }

    /// `value`, if nothing was wrong.
    fn checked<T>(self, value: T) -> Result<T, Rejection> {
        self.finish().map(|()| value)
    }

    fn finish(self) -> Result<(), Rejection> {
        if self.errors.is_empty() { Ok(()) } else { Err(Rejection::of_errors(StatusCode::BAD_REQUEST, self.errors)) }
    }

    fn malformed(&mut self, message: String) {
        self.errors.push(ErrorObject::new("BAD_REQUEST_BODY", message));
    }

    fn missing(&mut self, name: &str) {
        self.errors.push(ErrorObject::new("REQUIRED_FIELD", format!("The field {name} is required.")));
    }

    fn take<T>(&mut self, read: Result<Change<T>, FieldError>) -> Change<T> {
        read.unwrap_or_else(|error| {
            self.malformed(format!("The field {error}."));
            Change::Keep
        })
    }

    /// A text that must be there.
    fn required(&mut self, name: &'static str) -> String {
        match self.fields.text(name) {
            Ok(Change::Set(text)) if !text.is_empty() => return text,
            Ok(_) => self.missing(name),
            Err(error) => self.malformed(format!("The field {error}.")),
        }
        String::new()
    }

    /// A text that may be missing, which a blank one is.
    fn optional(&mut self, name: &'static str) -> Option<String> {
        match self.take(self.fields.text(name)) {
            Change::Set(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// A text to be set, cleared by `null` or an empty text, or kept.
    fn clearable(&mut self, name: &'static str) -> Change<String> {
        self.take(self.fields.text(name)).empty_clears()
    }

    /// An id of an e-mail address or phone number. There is no clearing the choice: `null` and an empty text say nothing.
    fn identifier(&mut self, name: &'static str) -> Option<IdentifierId> {
        let Change::Set(digits) = self.take(self.fields.id(name)).empty_clears() else { return None };
        let Ok(number) = digits.trim().parse::<u64>() else {
            self.malformed(format!("The field {name} must be a decimal id."));
            return None;
        };
        // No id has more than 53 bits, so one that is too large for the row is just unknown.
        Some(IdentifierId::from_number(i64::try_from(number).unwrap_or(i64::MAX)))
    }

    /// One of the contract's three words; `optional` asks for no more than `none` does.
    fn second_factor_policy(&mut self, name: &'static str) -> Option<SecondFactorPolicy> {
        let Change::Set(word) = self.take(self.fields.text(name)).empty_clears() else { return None };
        match word.as_str() {
            "none" | "optional" => Some(SecondFactorPolicy::None),
            "enforced" => Some(SecondFactorPolicy::Enforced),
            _ => {
                self.malformed(format!("The field {name} must be none or enforced."));
                None
            }
        }
    }

    fn flag(&mut self, name: &'static str) -> bool {
        self.take(self.fields.boolean(name)) == Change::Set(true)
    }

    /// An uploaded file that must be there.
    fn file(&mut self, name: &'static str) -> Vec<u8> {
        match self.fields.upload(name) {
            Ok(Some(upload)) => return upload.bytes.to_vec(),
            Ok(None) => self.missing(name),
            Err(error) => self.malformed(format!("The field {error}.")),
        }
        Vec::new()
    }
}
