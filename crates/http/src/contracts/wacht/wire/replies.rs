//! The small objects that some routes have as `data`.

use serde::Serialize;
use utoipa::ToSchema;

/// The one way in which addresses are proven: a mailed code.
pub(crate) const EMAIL_OTP: &str = "email_otp";

/// `null`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Nothing;

/// How somebody signs in. Always by password: the answer does not tell who has an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Strategy)]
pub(crate) struct Strategy {
    #[schema(example = "password")]
    pub(crate) strategy: &'static str,
}

/// A proof was mailed, as far as the client may know.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::ProofSent)]
pub(crate) struct ProofSent {
    #[schema(example = true)]
    pub(crate) otp_sent: bool,
    #[schema(example = "j***@e***.com")]
    pub(crate) masked_email: String,
    #[schema(example = "email_otp")]
    pub(crate) verification_method: &'static str,
}

/// What a mailed reset code is exchanged for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::ResetToken)]
pub(crate) struct ResetToken {
    /// Short-lived; good for one reset.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    pub(crate) token: String,
}

/// An access token of the active sign-in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::SessionToken)]
pub(crate) struct SessionToken {
    /// A JWT; `/.well-known/jwks.json` has the keys.
    #[schema(example = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjMifQ.c2lnbmF0dXJl")]
    pub(crate) token: String,
    /// When it expires, in milliseconds since 1970.
    #[schema(example = 1_704_110_460_000_i64)]
    pub(crate) expires: i64,
}
