//! The applications that the caller has allowed something.

use selfsame_domain::{Action, Consent, Difference, Instant, RequestContext, Scopes, SignIn, TicketKind};
use selfsame_ports::StorageError;

use crate::{
    Caller, Core, Fault,
    account::{Account, Event},
    fault::faults,
};

/// Most sign-ins that are looked at for the last use of applications.
const LOOKED_AT: i64 = 1000;

/// An application that the user has allowed something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// `client_id`.
    pub id: String,
    /// Its name; its id if it is not registered any more.
    pub name: String,
    /// What it was allowed.
    pub scopes: Scopes,
    /// When it was first allowed something.
    pub allowed_at: Instant,
    /// When it was last allowed something more.
    pub extended_at: Instant,
    /// When one of its sign-ins was last used; none without a live one.
    pub last_used_at: Option<Instant>,
}

/// Asks for all of them.
#[derive(Clone, Copy, Debug)]
pub struct ListApplications;

/// Withdraws everything that an application was allowed.
#[derive(Clone, Debug)]
pub struct RemoveApplication {
    /// Which.
    pub id: String,
    /// For the audit trail.
    pub context: RequestContext,
}

/// Why nothing was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveApplicationError {
    /// The user has not allowed this application anything: one answer for this and for unknown ones (R62).
    #[error("no such application")]
    UnknownApplication,
    /// The caller's own sign-in has ended meanwhile.
    #[error("not signed in")]
    Unauthenticated,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(RemoveApplicationError: StorageError);

impl ListApplications {
    /// Reads them, the one that was allowed first first.
    pub fn execute(self, core: &Core, caller: &Caller) -> Result<Vec<Application>, Fault> {
        let (user, now) = (&caller.user, core.clock.now());
        let mut queries = core.storage.read()?;
        let consents = queries.consents(user.id)?;
        if consents.is_empty() {
            return Ok(Vec::new());
        }
        let mut live = queries.live_sign_ins(user.id, now, None, LOOKED_AT)?;
        live.retain(|sign_in| core.is_usable(sign_in, user, now));
        Ok(core.applications(consents, &live))
    }
}

impl Core {
    /// The applications of these consents, with their last use among live sign-ins of the account.
    pub(crate) fn applications(&self, consents: Vec<Consent>, live: &[SignIn]) -> Vec<Application> {
        let last_use = |id: &str| {
            let is_own = |sign_in: &&SignIn| sign_in.client.as_ref().is_some_and(|client| client.id == id);
            live.iter().filter(is_own).map(|sign_in| sign_in.last_active_at).max()
        };
        let application = |consent: Consent| Application {
            name: self
                .policy
                .oauth
                .client(&consent.client_id)
                .map_or(&consent.client_id, |client| &client.name)
                .clone(),
            last_used_at: last_use(&consent.client_id),
            scopes: consent.scopes,
            allowed_at: consent.created_at,
            extended_at: consent.updated_at,
            id: consent.client_id,
        };
        consents.into_iter().map(application).collect()
    }
}

impl RemoveApplication {
    /// Forgets the consent, and ends the sign-ins of the application with all their tokens and codes.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<(), RemoveApplicationError> {
        core.unit(&self.context, |work| {
            let now = core.clock.now();
            let account = Account::lock_caller(work, caller)?;
            let mut account = account.ok_or(RemoveApplicationError::Unauthenticated)?;
            let consent = work.consents().find(account.id, &self.id)?;
            let consent = consent.ok_or(RemoveApplicationError::UnknownApplication)?;
            work.consents().remove(account.id, &self.id)?;
            work.sessions().end_sign_ins_of_client(account.id, &self.id, now)?;
            work.proofs().void_tickets(account.id, TicketKind::AuthorizationCode, now)?;
            let change = Difference {
                pointer: format!("/applications/{}", self.id),
                old: consent.scopes.to_text().into(),
                new: serde_json::Value::Null,
            };
            let event = Event::of_user(Action::ApplicationRemoved, account.id, caller.sign_in.id).with(vec![change]);
            core.record(work, &mut account, event);
            Ok(account.save(work)?)
        })
    }
}
