//! Jobs: work that a request leaves to the delivery worker, so that response and time do not depend on whether an
//! account exists: the request enqueues one job in every case, and the worker finds out what there is to do (R23).
//!
//! A job is sealed and leased like a mail. It is removed from the queue in the unit that does its work, so the work is
//! done once, also when a worker crashes or its lease expires.

use selfsame_domain::{AttemptId, Instant, OutboxId, RequestContext, UserId};
use selfsame_ports::{Channel, Leased, StorageError};
use serde::{Deserialize, Serialize};

use crate::{Core, Fault, core::Work, fault::faults};

/// A job. One of a newer build waits for a server of that build.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// A password reset was requested for an address, which may or may not have an account.
    ResetPassword {
        /// The address.
        email: String,
        /// The request.
        context: RequestContext,
    },
    /// A sign-up with an address, which may have an account already.
    SignedUp {
        /// The attempt that proves the address.
        attempt: AttemptId,
        /// Whether the proof is mailed now.
        send_proof: bool,
    },
    /// The mail with the proof of an attempt was requested.
    ProveAttempt {
        /// The attempt.
        attempt: AttemptId,
        /// The address of the application to which the link leads, if it is on the operator's list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        redirect_to: Option<String>,
    },
    /// The text message with the code of an attempt was requested. Its number may or may not have an account.
    TextAttempt {
        /// The attempt.
        attempt: AttemptId,
        /// The request.
        context: RequestContext,
    },
    /// A reminder of a scheduled deletion.
    RemindOfDeletion {
        /// The account.
        user: UserId,
        /// The deletion; the account may have another one by then, or none.
        deletion_at: Instant,
        /// When the reminder is mailed.
        remind_at: Instant,
    },
}

/// Why a job was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JobError {
    /// Another worker has leased it: nothing was changed.
    #[error("the lease was lost")]
    Lost,
    /// Rate-limited, unavailable, or an internal fault.
    #[error(transparent)]
    Fault(Fault),
}

faults!(JobError: StorageError);

impl Job {
    /// Does the work and removes the job from the queue, in one unit.
    pub(crate) fn run(&self, core: &Core, leased: &Leased) -> Result<(), JobError> {
        match self {
            Self::ResetPassword { email, context } => core.mail_password_reset(email, context, leased),
            Self::SignedUp { attempt, send_proof } => core.follow_sign_up(*attempt, *send_proof, leased),
            Self::ProveAttempt { attempt, redirect_to } => core.prove_attempt(*attempt, redirect_to.as_deref(), leased),
            Self::TextAttempt { attempt, context } => core.text_attempt(*attempt, context, leased),
            Self::RemindOfDeletion { user, deletion_at, remind_at } => {
                core.remind_of_deletion(*user, *deletion_at, *remind_at, leased)
            }
        }
    }
}

/// The context of the units of a job whose request is gone: all that is left of it is the language of its mails.
pub(crate) fn context_of(leased: &Leased) -> RequestContext {
    RequestContext { locale: leased.message.locale.clone(), ..RequestContext::default() }
}

/// Removes a job from the queue, as the last statement of the unit that did its work.
pub(crate) fn finish(work: &mut Work<'_>, leased: &Leased) -> Result<(), JobError> {
    if work.outbox().sent(leased.message.id, leased.token)? { Ok(()) } else { Err(JobError::Lost) }
}

impl Core {
    /// Enqueues a job in this unit. It is not done after `useful_until`.
    pub(crate) fn enqueue_job(&self, work: &mut Work<'_>, job: &Job, useful_until: Instant) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        // The mails of the job are in the language of the request that enqueues it.
        let locale = work.context.locale.clone();
        self.enqueue(work, id, Channel::Job, locale.as_deref(), job, useful_until)
    }

    /// The same for a job that is due later.
    pub(crate) fn enqueue_job_at(
        &self,
        work: &mut Work<'_>,
        job: &Job,
        due_at: Instant,
        useful_until: Instant,
    ) -> Result<(), Fault> {
        let message = self.sealed(self.id(), Channel::Job, None, job, useful_until)?;
        Ok(work.outbox().enqueue_at(&message, due_at)?)
    }
}
