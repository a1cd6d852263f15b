//! Releases a username that only a sign-up in progress holds: a visitor who starts again must not be refused their own.

use selfsame_domain::{Action, Actor, Difference, RequestContext, Session, User, Username};
use serde_json::json;

use crate::{
    Core, Fault,
    account::{Account, Event},
};

impl Core {
    /// Takes the username from the account that holds it, if nobody has ever proven or used that account, and if either
    /// its sign-up is one of this browser's, or the time in which a sign-up can be completed has passed. Returns whether
    /// it did.
    pub(crate) fn release_username(
        &self,
        name: &Username,
        session: Option<&Session>,
        context: &RequestContext,
    ) -> Result<bool, Fault> {
        let mut queries = self.storage.read()?;
        let Some(holder) = queries.by_username(&name.canonical())?.map(|found| found.user) else {
            return Ok(false);
        };
        let now = self.clock.now();
        let attempts = match session {
            Some(session) => queries.open_attempts(session.id, now)?,
            None => Vec::new(),
        };
        let is_own = attempts.iter().any(|attempt| attempt.user_id == Some(holder.id));
        // An account that the operator made is not a sign-up, and keeps its name.
        let first = queries.audit_trail(holder.id, 0, 1)?;
        let is_sign_up = first.first().is_some_and(|record| record.actor == Actor::Anonymous.to_text());
        let is_over = now >= holder.created_at + self.policy.attempt_ttl;
        if !is_sign_up || !(is_own || is_over) || !is_unused(&holder) {
            return Ok(false);
        }
        drop(queries);
        self.unit(context, |work| {
            let Some(mut account) = Account::lock(work, holder.id)? else { return Ok(true) };
            let is_held = account.preferred_username.as_ref().is_some_and(|held| held.canonical() == name.canonical());
            if !is_held || !is_unused(&account) {
                return Ok(!is_held);
            }
            account.preferred_username = None;
            account.touch(now);
            let change =
                Difference { pointer: "/preferred_username".into(), old: json!(name.as_str()), new: json!(null) };
            self.record(work, &mut account, Event::anonymous(Action::ProfileUpdated).with(vec![change]));
            Ok::<_, Fault>(account.save(work).map(|()| true)?)
        })
    }
}

/// Whether nobody has proven anything of the account, nor ever signed in to it.
fn is_unused(user: &User) -> bool {
    !user.is_verified() && user.sign_in_count == 0 && !user.is_disabled()
}
