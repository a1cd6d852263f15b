//! Exports: everything that an account holds, as one archive for its owner (R78).

use crate::{ExportId, Instant, UserId};

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// How far an export has come, as it is stored. What an instant makes of it is its [`ExportStatus`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ExportState { $($(#[$doc])* $name,)* }

        impl ExportState {
            /// The stored value.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The reverse of [`ExportState::as_str`]; `None` for a value of another build.
            pub fn from_stored(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$name),)* _ => None }
            }
        }
    };
}

states! {
    /// No worker has begun.
    Pending = "pending",
    /// A worker makes it, or has ended without a result and another one will make it.
    Running = "running",
    /// The archive is complete.
    Ready = "ready",
    /// It was given up.
    Failed = "failed",
}

/// How far an export has come at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportStatus {
    /// No worker has begun.
    Pending,
    /// It is being made.
    Running,
    /// The archive can be downloaded.
    Ready,
    /// It was given up, or took too long.
    Failed,
    /// The archive is no longer handed out.
    Expired,
}

impl ExportStatus {
    /// The name, which contracts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Ready => "ready",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }

    /// Whether it may still become ready.
    pub fn is_unfinished(self) -> bool {
        matches!(self, Self::Pending | Self::Running)
    }
}

/// The archive of an export: one file, stored in sealed parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// Random; the names of its parts begin with it. Each try to make an export has another one.
    pub name: String,
    /// How many parts there are; 0 until it is complete.
    pub parts: i32,
    /// Size of the file, in bytes; 0 until it is complete.
    pub bytes: i64,
}

/// An export of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Id of its row.
    pub id: ExportId,
    /// The account it is of.
    pub user_id: UserId,
    /// How far it has come.
    pub state: ExportState,
    /// The part of the work that is done, in percent.
    pub progress: i32,
    /// The archive, also while it is written; none before, and when its parts were deleted.
    pub archive: Option<Archive>,
    /// When it was requested.
    pub requested_at: Instant,
    /// When it became ready or failed.
    pub finished_at: Option<Instant>,
    /// Until it is ready, when it is given up. Then, when the archive expires.
    pub expires_at: Instant,
}

impl Export {
    /// How far it has come at `now`. Expiry does not depend on a worker.
    pub fn status(&self, now: Instant) -> ExportStatus {
        let is_over = now >= self.expires_at;
        match self.state {
            ExportState::Pending | ExportState::Running if is_over => ExportStatus::Failed,
            ExportState::Pending => ExportStatus::Pending,
            ExportState::Running => ExportStatus::Running,
            ExportState::Ready if is_over => ExportStatus::Expired,
            ExportState::Ready => ExportStatus::Ready,
            ExportState::Failed => ExportStatus::Failed,
        }
    }

    /// Whether this archive is the one that is being written.
    pub fn is_written_to(&self, archive: &str) -> bool {
        self.state == ExportState::Running && self.archive.as_ref().is_some_and(|current| current.name == archive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    #[test]
    fn r78_an_export_expires_by_the_clock_alone() {
        let at = |seconds: i64| Instant::from_timestamp(1_800_000_000 + seconds, 0).unwrap();
        let export = |state| Export {
            id: ExportId::from_number(1),
            user_id: UserId::from_number(2),
            state,
            progress: 0,
            archive: None,
            requested_at: at(0),
            finished_at: None,
            expires_at: at(10),
        };
        let states = [ExportState::Pending, ExportState::Running, ExportState::Ready, ExportState::Failed];
        for (state, then) in states.into_iter().zip(["failed", "failed", "expired", "failed"]) {
            assert_eq!(export(state).status(at(9)).as_str(), state.as_str());
            assert_eq!(export(state).status(at(10)).as_str(), then);
            assert_eq!(ExportState::from_stored(state.as_str()), Some(state));
        }
    }
}
