//! Query parameters. Each may be missing here: what that means is the handler's to say.

use serde::Deserialize;
use utoipa::IntoParams;

/// Names an attempt, and how it goes on.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProofQuery {
    /// Id of the attempt.
    #[param(required, example = "523456789012345678")]
    pub(crate) attempt_identifier: Option<String>,
    /// `email_otp`: a code by mail.
    #[param(required, example = "email_otp")]
    pub(crate) strategy: Option<String>,
}

/// Names an attempt.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AttemptQuery {
    /// Id of the attempt.
    #[param(required, example = "523456789012345678")]
    pub(crate) attempt_identifier: Option<String>,
}

/// Names a sign-in of this browser.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignInQuery {
    /// Id of the sign-in.
    #[param(example = "323456789012345678")]
    pub(crate) sign_in_id: Option<String>,
}
