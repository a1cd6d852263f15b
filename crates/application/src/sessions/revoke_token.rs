//! Revokes a token on behalf of its holder (RFC 7009).

use selfsame_domain::{RequestContext, SignInId, UserId};

use crate::{Core, Fault, account::Account};

/// Asks for a token to be of no use any more.
#[derive(Clone)]
pub struct RevokeToken {
    /// A refresh token or an access token.
    pub token: String,
    /// The request: for audit and limits.
    pub context: RequestContext,
}

impl RevokeToken {
    /// Ends the sign-in of the token, and with it its access tokens and refresh chain: no token of a sign-in is valid without
    /// the others. A token that is not valid is no error (RFC 7009 section 2.2). A refresh token that was rotated already
    /// ends its sign-in too, as a use of it would.
    pub fn execute(&self, core: &Core) -> Result<(), Fault> {
        core.spend(&[core.limits.refresh_per_ip.of_ip(&self.context)])?;
        let Some((user, sign_in)) = self.sign_in(core)? else { return Ok(()) };
        core.unit(&self.context, |work| {
            let Some(mut account) = Account::lock(work, user)? else { return Ok(()) };
            core.end_sign_in(work, &mut account, sign_in, user)?;
            Ok(account.save(work)?)
        })
    }

    fn sign_in(&self, core: &Core) -> Result<Option<(UserId, SignInId)>, Fault> {
        if let Some(token) = core.read_refresh_token(&self.token) {
            let state = core.storage.read()?.sign_in(token.user_id, token.sign_in_id, false)?;
            // The token of a chain that was replaced belongs to nobody any more (R21).
            let chain = state.and_then(|state| state.sign_in.refresh);
            let is_own = chain.is_some_and(|chain| chain.hash == token.chain_hash());
            return Ok(is_own.then_some((token.user_id, token.sign_in_id)));
        }
        let claims = core.tokens.verify(&self.token, core.clock.now()).ok();
        Ok(claims.map(|claims| (claims.user_id, claims.sign_in_id)))
    }
}
