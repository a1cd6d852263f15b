//! The principal: what authorisation needs to know of a caller.

use chrono::Duration;
use selfsame_domain::{
    Assurance, AuthorizedClient, Factor, Factors, Instant, Scope, SessionId, SignInId, TokenHash, UserId,
};

/// The browser session of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Browser {
    /// The session.
    pub session: SessionId,
    /// The hash of the cookie that was sent.
    pub cookie: TokenHash,
}

/// A signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The account.
    pub user_id: UserId,
    /// The sign-in of the request.
    pub sign_in_id: SignInId,
    /// The browser session, if the credential was its cookie.
    pub browser: Option<Browser>,
    /// When and how the user was last authenticated.
    pub assurance: Assurance,
    /// The application that acts for the user and what it may do; none for the user's own sign-ins, which means no
    /// restriction.
    pub client: Option<AuthorizedClient>,
}

/// The user must prove who they are again before the operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a proof of who is there that is at most {} s old is needed", .max_age.num_seconds())]
pub struct StepUpRequired {
    /// Greatest age of the last proof.
    pub max_age: Duration,
    /// Whether the proof must be one by an enrolled second factor.
    pub needs_second_factor: bool,
    /// The factors of which one must be proven. A backup code takes the place of a second factor.
    pub accepted: Factors,
    /// Whether the credential was a cookie.
    pub in_browser: bool,
}

impl Principal {
    /// Whether the caller may do what a scope allows: an application by its scopes, the user's own sign-ins everything.
    pub fn may(&self, needed: Scope) -> bool {
        self.client.as_ref().is_none_or(|client| client.may(needed))
    }

    /// An error unless the user was authenticated within `max_age`, and by a second factor if one is enrolled: the
    /// enrolled factors decide, not the policy (R10, R27, R33). The use case that needs it calls this, not the contract.
    pub fn require_step_up(&self, enrolled: &Factors, now: Instant, max_age: Duration) -> Result<(), StepUpRequired> {
        let needs_second_factor = enrolled.has_second();
        let is_enough = !needs_second_factor || self.assurance.methods.prove_second();
        if is_enough && self.assurance.is_fresh(now, max_age) {
            Ok(())
        } else {
            Err(self.step_up_required(enrolled, max_age))
        }
    }

    /// What a proof must be for an account with these enrolled factors. A text message is none in a sign-in whose only factor
    /// is the phone (R32).
    pub(crate) fn step_up_required(&self, enrolled: &Factors, max_age: Duration) -> StepUpRequired {
        let needs_second_factor = enrolled.has_second();
        let is_of_another_channel = self.assurance.methods.with(Factor::Sms).prove_second();
        let accepted = if !needs_second_factor {
            Factors::of([Factor::Password])
        } else if is_of_another_channel {
            enrolled.clone()
        } else {
            enrolled.without(Factor::Sms)
        };
        StepUpRequired { max_age, needs_second_factor, accepted, in_browser: self.browser.is_some() }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use selfsame_domain::id::Id as _;

    use super::*;

    #[test]
    fn r10_a_proof_is_fresh_for_its_time_and_no_clock_that_went_back_makes_it_so() {
        let at = |seconds: i64| Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let assurance = Assurance { authenticated_at: at(0), methods: Factors::of([Factor::Password]) };
        let principal = Principal {
            user_id: UserId::from_number(1),
            sign_in_id: SignInId::from_number(2),
            browser: None,
            assurance,
            client: None,
        };
        let is_fresh =
            |seconds| principal.require_step_up(&Factors::default(), at(seconds), Duration::minutes(10)).is_ok();
        assert_eq!([0, 599, 600, -599, -600].map(is_fresh), [true, true, false, true, false]);
        for enrolled in [Factor::Totp, Factor::Passkey] {
            let required = principal.require_step_up(&Factors::of([enrolled]), at(0), Duration::minutes(10));
            assert_eq!(
                required.map_err(|required| required.needs_second_factor),
                Err(true),
                "a password is not enough"
            );
        }
    }
}
