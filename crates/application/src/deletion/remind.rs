//! Reminds the owner of a scheduled deletion before it is carried out.
//!
//! Reminders are jobs that are due later. A job does not stay in the queue for longer than [`LONGEST_MAIL_USE`], after which
//! the key that sealed it may be gone (R95). So it wakes up every day until its reminder is due, and is sealed anew.

use chrono::Duration;
use selfsame_domain::{Instant, RequestContext, UserId};
use selfsame_ports::{Leased, Mail};

use crate::{
    Core, Fault,
    account::Account,
    core::Work,
    mail::job::{Job, JobError, finish},
    policy::LONGEST_MAIL_USE,
};

/// How long before the deletion a reminder is mailed. Those that lie before the request for the deletion are left out.
const REMINDERS: [Duration; 2] = [Duration::days(7), Duration::days(1)];

/// The longest sleep of a job.
const SLEEP: Duration = Duration::days(1);

/// When the first reminder after an instant is due.
fn next_reminder(deletion_at: Instant, after: Instant) -> Option<Instant> {
    REMINDERS.map(|before| deletion_at - before).into_iter().filter(|at| *at > after).min()
}

impl Core {
    /// Enqueues the next reminder of a deletion, if there is one.
    pub(super) fn schedule_reminder(
        &self,
        work: &mut Work<'_>,
        user: UserId,
        deletion_at: Instant,
    ) -> Result<(), Fault> {
        let Some(remind_at) = next_reminder(deletion_at, self.clock.now()) else { return Ok(()) };
        self.sleep_until_reminder(work, &Job::RemindOfDeletion { user, deletion_at, remind_at }, remind_at)
    }

    fn sleep_until_reminder(&self, work: &mut Work<'_>, job: &Job, remind_at: Instant) -> Result<(), Fault> {
        let now = self.clock.now();
        self.enqueue_job_at(work, job, remind_at.min(now + SLEEP), now + LONGEST_MAIL_USE)
    }

    /// Runs a [`Job::RemindOfDeletion`]: mails the reminder, or sleeps on. Does nothing once the deletion was called off.
    pub(crate) fn remind_of_deletion(
        &self,
        user: UserId,
        deletion_at: Instant,
        remind_at: Instant,
        leased: &Leased,
    ) -> Result<(), JobError> {
        self.unit(&RequestContext::default(), |work| {
            let now = self.clock.now();
            let is_meant = |account: &Account| account.deletion_at == Some(deletion_at) && now < deletion_at;
            let Some(account) = Account::lock(work, user)?.filter(is_meant) else { return finish(work, leased) };
            if now < remind_at {
                let job = Job::RemindOfDeletion { user, deletion_at, remind_at };
                self.sleep_until_reminder(work, &job, remind_at)?;
                return finish(work, leased);
            }
            let token = self.issue_keep_account(work, &account, deletion_at)?;
            let link = self.policy.link("keep-account", token.expose());
            let mail = Mail::DeletionReminder {
                on: deletion_at.format("%F").to_string(),
                minutes: whole_hours(deletion_at - now).num_minutes(),
                link,
            };
            for to in account.notice_addresses() {
                self.post(work, &account, to, mail.clone(), deletion_at.min(now + LONGEST_MAIL_USE))?;
            }
            self.schedule_reminder(work, user, deletion_at)?;
            finish(work, leased)
        })
    }
}

/// A worker is a little late: the time in words is that of the schedule.
fn whole_hours(left: Duration) -> Duration {
    Duration::hours((left + Duration::minutes(30)).num_hours().max(1))
}
