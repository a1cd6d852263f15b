//! Work that a request leaves to the delivery worker, because it must look the same from outside whoever asks: the request
//! enqueues one job in every case, and the worker finds out whether there is anything to do (R23).
//!
//! A job is sealed and leased like a mail. It leaves the queue in the unit that does its work, so that its work is done
//! once, also when a worker dies or outlives its lease.

use selfsame_domain::{AttemptId, Instant, OutboxId, RequestContext};
use selfsame_ports::{Channel, Leased, StorageError};
use serde::{Deserialize, Serialize};

use crate::{Core, Fault, core::Work, fault::faults};

/// A piece of work. What a build does not know waits for one that does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// A password reset was asked for an address, which may be anybody's or nobody's.
    ResetPassword {
        /// The address.
        email: String,
        /// Who asked.
        context: RequestContext,
    },
    /// Somebody signed up with an address, which may have an account already.
    SignedUp {
        /// The attempt that proves the address.
        attempt: AttemptId,
        /// Whether the proof is to be mailed now.
        send_proof: bool,
    },
    /// The proof that an attempt waits for was asked for.
    ProveAttempt {
        /// Which attempt.
        attempt: AttemptId,
    },
}

/// Why a job was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JobError {
    /// Somebody else has it: nothing was changed.
    #[error("the lease was lost")]
    Lost,
    /// No answer just now.
    #[error(transparent)]
    Fault(Fault),
}

faults!(JobError: StorageError);

impl Job {
    /// Does the work and takes the job out of the queue, in one unit.
    pub(crate) fn run(&self, core: &Core, leased: &Leased) -> Result<(), JobError> {
        match self {
            Self::ResetPassword { email, context } => core.mail_password_reset(email, context, leased),
            Self::SignedUp { attempt, send_proof } => core.follow_sign_up(*attempt, *send_proof, leased),
            Self::ProveAttempt { attempt } => core.prove_attempt(*attempt, leased),
        }
    }
}

/// Takes a job out of the queue, as the last statement of the unit that did its work.
pub(crate) fn finish(work: &mut Work<'_>, leased: &Leased) -> Result<(), JobError> {
    if work.outbox().sent(leased.message.id, leased.token)? { Ok(()) } else { Err(JobError::Lost) }
}

impl Core {
    /// Leaves work to the delivery worker, once this unit is committed. After `useful_until` it is not done any more.
    pub(crate) fn enqueue_job(&self, work: &mut Work<'_>, job: &Job, useful_until: Instant) -> Result<(), Fault> {
        let id: OutboxId = self.id();
        self.enqueue(work, id, Channel::Job, None, job, useful_until)
    }
}
