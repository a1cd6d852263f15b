//! An account inside a unit of work: the state that was read, and the state to be written.

use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};

use selfsame_domain::{
    Action, Actor, AuditEvent, AuditRecord, Difference, Instant, SignInId, User, UserId, audit::Details,
};
use selfsame_ports::StorageError;

use crate::{Caller, Core, Fault, core::Work};

/// An account that a unit changes. It is written by [`Account::save`] only.
pub(crate) struct Account {
    stored: User,
    user: User,
    /// Events for the audit trail. They are written after the account: writing the account takes its lock if it was
    /// read without one, and a unit that has a place in the chain must not wait for a lock (R80).
    records: Vec<AuditRecord>,
}

impl Account {
    /// An account that was read without a lock. Saving it fails with a conflict if it was changed since.
    pub(crate) fn unlocked(user: User) -> Self {
        Self { stored: user.clone(), user, records: Vec::new() }
    }

    /// The account, locked for change.
    pub(crate) fn lock(work: &mut Work<'_>, id: UserId) -> Result<Option<Self>, StorageError> {
        Ok(work.accounts().lock(id)?.map(Self::unlocked))
    }

    /// The account, locked for change; `None` if it was removed or disabled.
    pub(crate) fn lock_usable(work: &mut Work<'_>, id: UserId) -> Result<Option<Self>, StorageError> {
        Ok(Self::lock(work, id)?.filter(|account| !account.is_disabled()))
    }

    /// The account of a caller, locked for change; `None` if it was removed or disabled, or if the sign-in has ended since
    /// the request was authenticated, perhaps while its body was on the way (R43). Every end of a sign-in is in the audit
    /// trail, so a trail that is as long as it was shows that there was none.
    pub(crate) fn lock_caller(
        work: &mut Work<'_>,
        caller: &Caller,
        now: Instant,
    ) -> Result<Option<Self>, StorageError> {
        let Some(account) = Self::lock_usable(work, caller.user.id)? else { return Ok(None) };
        let is_live = account.audit_head == caller.user.audit_head
            || work.sessions().touch(account.id, caller.principal.sign_in_id, None, now)?;
        Ok(is_live.then_some(account))
    }

    /// Locks accounts by ascending id, so that no two units wait for each other.
    pub(crate) fn lock_all(
        work: &mut Work<'_>,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<Vec<Self>, StorageError> {
        let ids: BTreeSet<UserId> = ids.into_iter().collect();
        let mut locked = Vec::with_capacity(ids.len());
        for id in ids {
            locked.extend(Self::lock(work, id)?);
        }
        Ok(locked)
    }

    /// As it was read.
    pub(crate) fn stored(&self) -> &User {
        &self.stored
    }

    /// Writes the changes and the recorded events since it was read or last saved.
    pub(crate) fn save(&mut self, work: &mut Work<'_>) -> Result<(), StorageError> {
        if self.stored != self.user {
            work.accounts().save(&self.stored, &self.user)?;
            self.stored = self.user.clone();
        }
        self.append_records(work)
    }

    /// Inserts a new account with its recorded events.
    pub(crate) fn insert(&mut self, work: &mut Work<'_>) -> Result<(), StorageError> {
        work.accounts().insert(&self.user)?;
        self.stored = self.user.clone();
        self.append_records(work)
    }

    /// Removes a locked account. Its audit trail stays, with the recorded events.
    pub(crate) fn delete(&mut self, work: &mut Work<'_>) -> Result<(), StorageError> {
        work.accounts().delete(self.user.id)?;
        self.append_records(work)
    }

    fn chain(&mut self, record: AuditRecord) {
        self.user.audit_head = record.head();
        self.records.push(record);
    }

    fn append_records(&mut self, work: &mut Work<'_>) -> Result<(), StorageError> {
        self.records.drain(..).try_for_each(|record| work.audit().append(&record))
    }

    /// As it is now.
    pub(crate) fn into_user(self) -> User {
        self.user
    }
}

impl Deref for Account {
    type Target = User;
    fn deref(&self) -> &User {
        &self.user
    }
}

impl DerefMut for Account {
    fn deref_mut(&mut self) -> &mut User {
        &mut self.user
    }
}

/// An event for the audit trail, without account and request, which are added when it is recorded.
pub(crate) struct Event {
    pub(crate) action: Action,
    pub(crate) actor: Actor,
    pub(crate) sign_in: Option<SignInId>,
    pub(crate) changes: Vec<Difference>,
}

impl Event {
    /// By somebody who is not signed in.
    pub(crate) fn anonymous(action: Action) -> Self {
        Self { action, actor: Actor::Anonymous, sign_in: None, changes: Vec::new() }
    }

    /// By a user in one of their sign-ins.
    pub(crate) fn of_user(action: Action, user: UserId, sign_in: SignInId) -> Self {
        Self { action, actor: Actor::User(user), sign_in: Some(sign_in), changes: Vec::new() }
    }

    /// On the command line.
    pub(crate) fn operator(action: Action) -> Self {
        Self { action, actor: Actor::Operator, sign_in: None, changes: Vec::new() }
    }

    pub(crate) fn with(self, changes: Vec<Difference>) -> Self {
        Self { changes, ..self }
    }
}

/// How many answers that a name is taken spend the whole budget of changes.
const TAKEN_ANSWERS: u32 = 10;

impl Core {
    /// Records an event for an account's audit chain (R79). It is written with the account, whose row stores the end of
    /// the chain.
    pub(crate) fn record(&self, work: &Work<'_>, account: &mut Account, event: Event) {
        let record = self.audit_record(work, account, event);
        account.chain(record);
    }

    /// The same for events that a user can cause at will: it charges the account's write budgets.
    pub(crate) fn record_within_budget(
        &self,
        work: &Work<'_>,
        account: &mut Account,
        event: Event,
    ) -> Result<(), Fault> {
        let record = self.audit_record(work, account, event);
        if self.limits.enabled {
            let now = self.clock.now();
            let (changes, bytes) = (self.limits.profile_write_per_user, self.limits.audit_bytes_per_user);
            let size = record.details.as_ref().map_or(0, String::len);
            let budgets = &mut account.write_budgets;
            budgets.changes = budgets.changes.spend(now, changes.every, changes.capacity()).map_err(Fault::Limited)?;
            budgets.audit_bytes =
                budgets.audit_bytes.spend(now, bytes.cost(size as u64), bytes.per).map_err(Fault::Limited)?;
        }
        account.chain(record);
        Ok(())
    }

    /// Charges the account for the answer that a name is taken, as for several changes, so that nobody learns by asking
    /// which names there are (R1, R86).
    pub(crate) fn charge_taken(&self, account: &mut Account) {
        if !self.limits.enabled {
            return;
        }
        let changes = self.limits.profile_write_per_user;
        let budget = &mut account.write_budgets.changes;
        if let Ok(charged) = budget.spend(self.clock.now(), changes.capacity() / TAKEN_ANSWERS, changes.capacity()) {
            *budget = charged;
        }
    }

    fn audit_record(&self, work: &Work<'_>, account: &User, event: Event) -> AuditRecord {
        let event = AuditEvent {
            subject: account.id,
            actor: event.actor,
            action: event.action,
            occurred_at: self.clock.now(),
            sign_in_id: event.sign_in,
            request_id: work.context.request_id.clone(),
            details: Details { ip: work.context.ip.map(|ip| ip.to_string()), changes: event.changes },
        };
        AuditRecord::chained(&account.audit_head, &event, &|context, data| self.vault.mac(context, data))
    }
}
