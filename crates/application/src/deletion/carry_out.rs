//! Removes accounts.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use selfsame_domain::{Action, Actor, AuditHead, Instant, Picture, RequestContext, User, UserId};
use selfsame_ports::Mail;

use crate::{
    Core, Fault,
    account::{Account, Event},
};

/// Removes up to `limit` accounts whose deletion is due at `now`; returns how many. Each in a unit of its own.
pub(crate) fn carry_out(core: &Core, now: Instant, limit: i64) -> Result<usize, Fault> {
    let context = RequestContext::default();
    let due = core.unit::<_, Fault>(&context, |work| Ok(work.accounts().due_deletions(now, limit)?))?;
    let is_due = |user: &User| user.deletion_at.is_some_and(|at| at <= now);
    let mut removed = 0;
    for id in due {
        let event = || Event { actor: Actor::User(id), ..Event::anonymous(Action::UserDeleted) };
        let deleted = core.delete_account(id, event, is_due, Some(&Mail::AccountDeleted))?;
        removed += usize::from(deleted.is_some());
    }
    Ok(removed)
}

impl Core {
    /// Removes an account with its sign-ins, proofs, picture and exports, immediately and permanently. Its audit trail stays, with
    /// the event and without details. Returns the account as it was; `None` if there is none that `is_wanted` wants, of
    /// which it is asked once the account is locked.
    pub(crate) fn delete_account(
        &self,
        user: UserId,
        event: impl Fn() -> Event,
        is_wanted: impl Fn(&User) -> bool,
        farewell: Option<&Mail>,
    ) -> Result<Option<User>, Fault> {
        let deleted = self.unit::<_, Fault>(&RequestContext::default(), |work| {
            let account = Account::lock(work, user)?.filter(|account| is_wanted(account));
            let Some(mut account) = account else { return Ok(None) };
            if let Some(mail) = farewell {
                self.notify_without_undo(work, &account, mail)?;
            }
            self.record(work, &mut account, event());
            work.audit().erase_details(account.id)?;
            let exports = work.exports().of_user(account.id)?;
            account.delete(work)?;
            Ok(Some((account.into_user(), exports)))
        })?;
        let Some((user, exports)) = deleted else { return Ok(None) };
        // The end of the trail is logged, because the account's row no longer stores it.
        let AuditHead { sequence, mac } = user.audit_head;
        let mac = URL_SAFE_NO_PAD.encode(mac);
        tracing::info!(user = %user.id, sequence, mac, "the audit trail of a deleted account ends here");
        if let Some(Picture::Stored(name)) = &user.picture {
            self.delete_files([name.clone()]);
        }
        for archive in exports.into_iter().filter_map(|export| export.archive) {
            self.discard_archive(&archive.name);
        }
        Ok(Some(user))
    }
}
