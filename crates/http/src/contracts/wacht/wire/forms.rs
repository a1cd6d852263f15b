//! The forms, as the OpenAPI document describes them. What is sent is read by name (see `input.rs`), whatever it was
//! written in; fields that are not listed are ignored.

use utoipa::ToSchema;

/// Input of `POST /me` and `PATCH /me`.
#[derive(ToSchema)]
#[schema(as = wacht::ProfileForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct ProfileForm {
    /// Empty clears.
    #[schema(example = "John")]
    first_name: Option<String>,
    /// Empty clears.
    #[schema(example = "Doe")]
    last_name: Option<String>,
    /// Empty clears. Unique, without regard to case and look-alikes.
    #[schema(example = "johndoe")]
    username: Option<String>,
    /// One of the user's own verified addresses.
    #[schema(format = "uint64", example = "123456789012345678")]
    primary_email_address_id: Option<String>,
    /// One of the user's own verified numbers.
    #[schema(format = "uint64", example = "987654321098765432")]
    primary_phone_number_id: Option<String>,
    /// `none` or `enforced`; `optional` is taken as `none`.
    #[schema(example = "enforced")]
    second_factor_policy: Option<String>,
    #[schema(example = false)]
    remove_profile_picture: Option<bool>,
}

/// Input of `POST /me/profile-picture`.
#[derive(ToSchema)]
#[schema(as = wacht::PictureForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct PictureForm {
    /// The picture.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Input of `POST /auth/signup`. An empty field is an absent one.
#[derive(ToSchema)]
#[schema(as = wacht::SignUpForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct SignUpForm {
    #[schema(format = "email", example = "john@example.com")]
    email: String,
    #[schema(format = Password, example = "correct horse battery staple")]
    password: String,
    #[schema(example = "John")]
    first_name: Option<String>,
    #[schema(example = "Doe")]
    last_name: Option<String>,
    #[schema(example = "johndoe")]
    username: Option<String>,
    #[schema(example = "612345678")]
    phone_number: Option<String>,
    /// Dialling code or region of a national number.
    #[schema(example = "+31")]
    phone_country_code: Option<String>,
}

/// Input of `POST /auth/identify`.
#[derive(ToSchema)]
#[schema(as = wacht::IdentifyForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct IdentifyForm {
    #[schema(example = "john@example.com")]
    identifier: Option<String>,
}

/// Input of `POST /auth/signin`.
#[derive(ToSchema)]
#[schema(as = wacht::SignInForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct SignInForm {
    /// `plain_email` or `plain_username`.
    #[schema(example = "plain_email")]
    strategy: String,
    /// With `plain_email`.
    #[schema(format = "email", example = "john@example.com")]
    email: Option<String>,
    /// With `plain_username`.
    #[schema(example = "johndoe")]
    username: Option<String>,
    #[schema(format = Password, example = "correct horse battery staple")]
    password: String,
}

/// Input of `POST /auth/attempt-verification`.
#[derive(ToSchema)]
#[schema(as = wacht::CodeForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct CodeForm {
    #[schema(example = "123456")]
    verification_code: String,
}

/// Input of `POST /auth/forgot-password`.
#[derive(ToSchema)]
#[schema(as = wacht::ForgottenForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct ForgottenForm {
    #[schema(format = "email", example = "john@example.com")]
    email: String,
    /// The mailed code, in the second step.
    #[schema(example = "123456")]
    otp: Option<String>,
}

/// Input of `POST /auth/reset-password`.
#[derive(ToSchema)]
#[schema(as = wacht::ResetForm)]
#[expect(dead_code, reason = "for the OpenAPI document")]
pub(crate) struct ResetForm {
    token: String,
    #[schema(format = Password, example = "correct horse battery staple")]
    password: String,
}
