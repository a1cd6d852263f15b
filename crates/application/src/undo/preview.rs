//! What the link of a notice would undo.

use selfsame_domain::{Instant, OpaqueToken, RequestContext, TicketKind};

use crate::{
    Core,
    account::Account,
    identifiers::proofs::mask_email,
    undo::{
        effects::{Effect, EffectKind, effects},
        snapshot::Snapshot,
        undo_change::UndoChangeError,
    },
};

/// Most sign-ins that are counted.
const COUNTED: i64 = 1000;

/// Asks for it with the token of the mailed link, which stays good. It changes nothing.
#[derive(Clone)]
pub struct PreviewUndo {
    /// The token, as it was sent.
    pub token: String,
    /// For limits.
    pub context: RequestContext,
}

/// What an undo would do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoPreview {
    /// When the change was made.
    pub changed_at: Instant,
    /// When it can no longer be undone.
    pub expires_at: Instant,
    /// What becomes of the account.
    pub effects: Vec<Effect>,
}

impl PreviewUndo {
    /// Reads it, for whoever could undo the change.
    pub fn execute(&self, core: &Core) -> Result<UndoPreview, UndoChangeError> {
        core.spend(&[core.limits.proof_per_ip.of_ip(&self.context)])?;
        let token = OpaqueToken::parse(&self.token).ok_or(UndoChangeError::InvalidToken)?;
        let user = token.user().ok_or(UndoChangeError::InvalidToken)?;
        let now = core.clock.now();
        let mut queries = core.storage.read()?;
        let ticket = queries.ticket(&token.hash(), TicketKind::UndoChange)?;
        let own = ticket.filter(|ticket| ticket.user_id == Some(user) && now < ticket.expires_at);
        let sequence = own.and_then(|ticket| ticket.bound_to?.parse().ok()).ok_or(UndoChangeError::InvalidToken)?;
        let mut live = queries.live_sign_ins(user, now, None, COUNTED)?;
        let consents = queries.consents(user)?;
        drop(queries);
        let email_change = core.pending_change(user, None)?;
        core.unit(&self.context, |work| {
            let account = Account::lock_enabled(work, user)?.ok_or(UndoChangeError::InvalidToken)?;
            let point = work.undo_points().find(user, sequence)?.ok_or(UndoChangeError::InvalidToken)?;
            let plan = Snapshot::open(core, &point)?.plan(core, work, &account, point.created_at)?;
            let mut effects = effects(work, &account, &plan)?;
            let later = consents.iter().filter(|consent| consent.updated_at > plan.established_until).cloned();
            let withdrawn = core.applications(later.collect(), &[]).into_iter();
            effects.extend(withdrawn.map(|application| EffectKind::ApplicationWithdrawn.of(application.name)));
            let cancelled = email_change.iter().map(|pending| mask_email(&pending.address));
            effects.extend(cancelled.map(|masked| EffectKind::EmailChangeCancelled.of(masked)));
            if effects.is_empty() {
                effects.push(EffectKind::Unchanged.alone());
            }
            live.retain(|sign_in| core.is_usable(sign_in, &account, now));
            effects.push(EffectKind::SignInsEnded.of(live.len().to_string()));
            effects.push(match plan.account.primary_email().filter(|email| email.is_verified()) {
                Some(primary) => EffectKind::ResetMailed.of(&primary.value),
                None => EffectKind::ResetNotMailed.alone(),
            });
            Ok(UndoPreview { changed_at: point.created_at, expires_at: point.expires_at, effects })
        })
    }
}
