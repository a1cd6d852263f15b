//! An account inside a unit of work: the state that was read, and the state to be written.

use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};

use selfsame_domain::{
    Action, Actor, AuditEvent, AuditRecord, Difference, Meter, RequestContext, SignInId, User, UserId, WriteBudgets,
    audit::Details,
};
use selfsame_ports::StorageError;

use crate::{Caller, Core, Fault, core::Work, webhooks::announce::Announcement};

/// An account that a unit changes. It is written by [`Account::save`] only.
pub(crate) struct Account {
    stored: User,
    user: User,
    /// Events for the audit trail. They are written after the account: writing the account takes its lock if it was
    /// read without one, and a unit that has a place in the chain must not wait for a lock (R80).
    records: Vec<AuditRecord>,
    /// What other services are told of these events.
    announcements: Vec<Announcement>,
}

impl Account {
    /// An account that was read without a lock. Saving it fails with a conflict if it was changed since.
    pub(crate) fn unlocked(user: User) -> Self {
        Self { stored: user.clone(), user, records: Vec::new(), announcements: Vec::new() }
    }

    /// The account, locked for change.
    pub(crate) fn lock(work: &mut Work<'_>, id: UserId) -> Result<Option<Self>, StorageError> {
        Ok(work.accounts().lock(id)?.map(Self::unlocked))
    }

    /// The account, locked for change; `None` if it was removed, disabled or frozen.
    pub(crate) fn lock_usable(work: &mut Work<'_>, id: UserId) -> Result<Option<Self>, StorageError> {
        Ok(Self::lock(work, id)?.filter(|account| account.is_usable()))
    }

    /// The account, locked for a reset or an undo, which a frozen one accepts; `None` if it was removed or disabled.
    pub(crate) fn lock_enabled(work: &mut Work<'_>, id: UserId) -> Result<Option<Self>, StorageError> {
        Ok(Self::lock(work, id)?.filter(|account| !account.is_disabled()))
    }

    /// The account of a caller, locked for change; `None` if it was removed, disabled or frozen, or if the sign-in has ended.
    pub(crate) fn lock_caller(work: &mut Work<'_>, caller: &Caller) -> Result<Option<Self>, StorageError> {
        let Some(account) = Self::lock_usable(work, caller.user.id)? else { return Ok(None) };
        Ok(account.is_signed_in(work, caller)?.then_some(account))
    }

    /// Whether the sign-in of a caller of this account, which is locked, has not ended since the request was authenticated,
    /// perhaps while its body was on the way (R43). Every end of a sign-in is in the audit trail, so a trail that is as long
    /// as it was shows that there was none.
    pub(crate) fn is_signed_in(&self, work: &mut Work<'_>, caller: &Caller) -> Result<bool, StorageError> {
        Ok(self.audit_head == caller.user.audit_head
            || work.sessions().is_live(self.id, caller.principal.sign_in_id)?)
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
        // Whatever it was recorded for, to others it is the end of the account.
        self.announcements = self.announcements.pop().map(Announcement::of_deletion).into_iter().collect();
        self.append_records(work)
    }

    fn chain(&mut self, record: AuditRecord, announcement: Option<Announcement>) {
        self.user.audit_head = record.head();
        self.records.push(record);
        self.announcements.extend(announcement);
    }

    fn append_records(&mut self, work: &mut Work<'_>) -> Result<(), StorageError> {
        let Self { user, announcements, .. } = self;
        let told = announcements.drain(..).filter(|announcement| !announcement.types.is_empty());
        work.announced.extend(told.map(|announcement| announcement.about(user)));
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
        let announcement = self.announcement(account, &event);
        let record = self.audit_record(work, account, event);
        account.chain(record, announcement);
    }

    /// The same for events that a user can cause at will: it charges the account's write budgets.
    pub(crate) fn record_within_budget(
        &self,
        work: &Work<'_>,
        account: &mut Account,
        event: Event,
    ) -> Result<(), Fault> {
        let announcement = self.announcement(account, &event);
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
        account.chain(record, announcement);
        Ok(())
    }

    /// Charges the answer that a name is taken as several changes, to limit enumeration (R1, R86). Beyond the budget of the
    /// client's address it costs all of them, so that many accounts do not learn more than a few.
    ///
    /// It is a unit of its own, because the one that was refused is rolled back. Without a taken name there is no statement.
    pub(crate) fn charge_taken(&self, caller: &Caller, context: &RequestContext) -> Result<(), Fault> {
        if !self.limits.enabled {
            return Ok(());
        }
        let changes = self.limits.profile_write_per_user.capacity();
        let is_within = self.has_budget(&[self.limits.taken_per_ip.of_ip(context)])?;
        let cost = if is_within { changes / TAKEN_ANSWERS } else { changes };
        self.unit(context, |work| {
            let Some(mut account) = Account::lock(work, caller.user.id)? else { return Ok(()) };
            account.write_budgets.changes = account.write_budgets.changes.charge(self.clock.now(), cost);
            Ok(account.save(work)?)
        })
    }

    /// Whether a notice is sent, by its budget in the account's row, which is charged and still to be saved. Limited, because
    /// repeated changes would flood the mailbox (R86). Each kind has its own, so that no kind hides another (R25).
    pub(crate) fn may_notify(&self, account: &mut Account, budget: fn(&mut WriteBudgets) -> &mut Meter) -> bool {
        if !self.limits.enabled {
            return true;
        }
        let notices = self.limits.notice_per_user;
        let meter = budget(&mut account.write_budgets);
        let spent = meter.spend(self.clock.now(), notices.every, notices.capacity());
        spent.map(|spent| *meter = spent).is_ok()
    }

    fn audit_record(&self, work: &Work<'_>, account: &User, event: Event) -> AuditRecord {
        let event = AuditEvent {
            subject: account.id,
            actor: event.actor,
            action: event.action,
            occurred_at: self.clock.now(),
            sign_in_id: event.sign_in,
            request_id: work.context.request_id.clone(),
            details: Details {
                ip: work.context.ip.map(|ip| ip.to_string()),
                user_agent: work.context.user_agent.clone(),
                changes: event.changes,
            },
        };
        AuditRecord::chained(&account.audit_head, &event, &|context, data| self.vault.mac(context, data))
    }
}
