//! `/captcha/challenge` and `/captcha/redeem`: the protocol of the Cap widget, which the forms of the SDK load. Without an
//! envelope, also on failure. Off unless the operator demands a challenge.

use actix_web::{HttpResponse, web::Payload};
use selfsame_application::{
    Core,
    human_check::{
        issue::IssueChallenge,
        redeem::{RedeemChallenge, RedeemChallengeError},
        spend::SpendChallengeToken,
    },
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Call, Fails, Wacht, WachtOptions,
    reasons::{CHALLENGE_OFF, CHALLENGE_REQUIRED},
};
use crate::{Lane, body::Members, call::HandlerResult, rejection::Rejection};

/// A challenge: `c` pairs of a salt of `s` and a target of `d` hex digits, which follow from the token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Challenge)]
struct Issued {
    challenge: Work,
    #[schema(example = "AAABnTzvVaKmKfVnqB2c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4c0A")]
    token: String,
    /// In milliseconds since 1970.
    #[schema(example = 1_704_110_700_000_i64)]
    expires: i64,
}

/// The amount of work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::ChallengeWork)]
struct Work {
    #[schema(example = 8)]
    c: usize,
    #[schema(example = 32)]
    s: usize,
    #[schema(example = 4)]
    d: usize,
}

/// The solutions of a challenge.
#[derive(Deserialize, ToSchema)]
#[schema(as = wacht::Solutions, example = json!({
    "token": "AAABnTzvVaKmKfVnqB2c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4c0A",
    "solutions": [69221, 27394, 4170, 118_034, 9021, 70112, 31, 55012],
}))]
struct Solutions {
    token: String,
    solutions: Vec<u64>,
}

/// A token for the forms, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = wacht::Redeemed)]
struct Redeemed {
    #[schema(example = true)]
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "AAABnTzvVaKmKfVnqB2c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4c0A")]
    token: Option<String>,
    /// In milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = 1_704_111_600_000_i64)]
    expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    error: Option<&'static str>,
}

/// Request a challenge
///
/// For the widget of the SDK's forms. 404 unless the operator demands a challenge.
#[utoipa::path(
    post, path = "/captcha/challenge", operation_id = "wacht_request_challenge", tag = "wacht",
    security(()),
    responses((status = 200, description = "The challenge, without an envelope.", body = Issued), Fails<CHALLENGE_OFF>),
)]
pub(super) async fn challenge(call: Call) -> HandlerResult {
    check_enabled(&call)?;
    let issued = IssueChallenge.execute(&call.services().core);
    let work = issued.difficulty;
    Ok(HttpResponse::Ok().json(Issued {
        challenge: Work { c: work.count, s: work.salt_length, d: work.target_length },
        token: issued.token,
        expires: issued.expires_at.timestamp_millis(),
    }))
}

/// Redeem a challenge
///
/// The token counts for fifteen minutes and twenty uses, as `challenge_token` of `/auth/signup`, `/auth/identify` and
/// `/auth/signin`.
#[utoipa::path(
    post, path = "/captcha/redeem", operation_id = "wacht_redeem_challenge", tag = "wacht",
    security(()),
    request_body = Solutions,
    responses(
        (status = 200, description = "The token, or `success: false`. Without an envelope.", body = Redeemed),
        Fails<CHALLENGE_OFF>,
    ),
)]
pub(super) async fn redeem(call: Call, payload: Payload) -> HandlerResult {
    let body = call.bytes_of("application/json", payload).await?;
    check_enabled(&call)?;
    let redeemed = call
        .run(Lane::Database, move |core, _sender| {
            let Ok(Solutions { token, solutions }) = serde_json::from_slice(&body) else { return Ok(None) };
            match (RedeemChallenge { token, solutions }).execute(core) {
                Ok(redeemed) => Ok(Some(redeemed)),
                Err(RedeemChallengeError::Unsolved) => Ok(None),
                Err(RedeemChallengeError::Fault(fault)) => Err(fault.into()),
            }
        })
        .await?;
    Ok(HttpResponse::Ok().json(match redeemed {
        Some(redeemed) => Redeemed {
            success: true,
            token: Some(redeemed.token),
            expires: Some(redeemed.expires_at.timestamp_millis()),
            error: None,
        },
        None => Redeemed { success: false, token: None, expires: None, error: Some("The challenge is not solved.") },
    }))
}

fn check_enabled(call: &Call) -> Result<(), actix_web::Error> {
    if call.services().wacht.challenge { Ok(()) } else { Err(call.refuse(CHALLENGE_OFF)) }
}

/// The field `challenge_token` of a form.
#[derive(Default)]
pub(super) struct ChallengeToken(Option<String>);

impl ChallengeToken {
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        Self(members.optional_text("challenge_token"))
    }

    /// Takes one use of the token, if the operator demands a challenge.
    pub(super) fn spend(self, core: &Core, options: &WachtOptions) -> Result<(), Rejection<Wacht>> {
        if !options.challenge {
            return Ok(());
        }
        let token = self.0.ok_or(CHALLENGE_REQUIRED)?;
        Ok(SpendChallengeToken { token }.execute(core)?)
    }
}
