//! The deadline of a whole conversation.
//!
//! Before the content of the mail, a conversation can be aborted and repeated. After it, the server may have accepted
//! the mail even if no reply comes, and another try may be a second copy. So the content is only sent while at least
//! half of the time is left for that last reply, which is more than all earlier replies took.

use std::{
    io,
    time::{Duration, Instant},
};

/// The deadline of a conversation.
#[derive(Clone, Copy)]
pub(super) struct Deadline {
    end: Instant,
    content_until: Instant,
}

impl Deadline {
    /// Ends a little before `timeout`, so that the result is known in time.
    pub(super) fn within(timeout: Duration) -> Self {
        let now = Instant::now();
        let margin = (timeout / 10).min(Duration::from_millis(250));
        Self { end: now + timeout.saturating_sub(margin), content_until: now + timeout / 2 }
    }

    /// The deadline of trying one of `addresses`: half of what is left, shared among them. The last one has all of it.
    pub(super) fn of_one_of(self, addresses: u32) -> Self {
        let now = Instant::now();
        let share = self.end.saturating_duration_since(now) / (2 * addresses.max(1));
        if addresses > 1 { Self { end: now + share, ..self } } else { self }
    }

    /// The time that is left, for a timeout of the operating system.
    pub(super) fn left(self) -> io::Result<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        // The operating system has no timeout of zero.
        if left < Duration::from_millis(1) { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    pub(super) fn has_time_for_content(self) -> bool {
        Instant::now() < self.content_until
    }
}
