//! The shapes of this contract, and how accounts, sessions and attempts are said in them.
//!
//! Ids are decimal strings, instants RFC 3339 in UTC with milliseconds. Nothing is sent that is not listed here (R70).

mod attempts;
mod deployment;
mod device;
mod envelope;
mod forms;
mod query;
mod replies;
mod session;
mod user;

use chrono::SecondsFormat;
use selfsame_domain::Instant;

pub(super) use self::{
    attempts::{SignInAttempt, SignUpAttempt},
    deployment::Deployment,
    envelope::{Envelope, ErrorObject, Failed, Failures, Forged, Limited, Profile, Unauthorized, WithBody, failed},
    forms::{CodeForm, ForgottenForm, IdentifyForm, PictureForm, ProfileForm, ResetForm, SignInForm, SignUpForm},
    query::{AttemptQuery, ProofQuery, SignInQuery},
    replies::{EMAIL_OTP, Nothing, ProofSent, ResetToken, SessionToken, Strategy},
    session::{Session, view_of},
    user::User,
};

/// An instant as this contract writes it.
fn time(instant: Instant) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Millis, true)
}
