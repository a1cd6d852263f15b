//! Lists what happened to the caller's account, the newest first.

use std::ops::Range;

use chrono::DateTime;
use selfsame_domain::{Action, ActivityKind, AuditRecord, Instant};
use selfsame_ports::ActivityFilter;

use crate::{Caller, Core, Fault};

/// Places of the chain that one page looks at. It bounds the work for a chain of which little matches.
const LOOKED_AT: i64 = 10_000;

/// The latest instant that is looked for: both databases store years of four digits.
const LATEST: Instant = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(latest) => latest,
    None => Instant::MAX_UTC,
};

/// Asks for a page of records.
#[derive(Clone, Copy, Debug)]
pub struct ListActivity {
    /// Records of this kind; all kinds if it is none.
    pub kind: Option<ActivityKind>,
    /// Records from this instant on.
    pub since: Option<Instant>,
    /// Records before this instant.
    pub until: Option<Instant>,
    /// Records before this place; the newest ones if it is none.
    pub before: Option<i64>,
    /// The greatest number of records.
    pub limit: u16,
}

/// A page of records.
#[derive(Clone, Debug)]
pub struct ActivityPage {
    /// The newest first.
    pub records: Vec<AuditRecord>,
    /// The value of [`ListActivity::before`] for the next page; none if this is the last one.
    pub next: Option<i64>,
}

impl ListActivity {
    /// Reads it, with one statement. The page may have fewer records than requested though another one follows: one page
    /// looks at 10000 places at most.
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<ActivityPage, Fault> {
        let part = part(self.before, caller.user.audit_head.sequence);
        let limit = usize::from(self.limit);
        let filter = ActivityFilter {
            actions: self.kind.map(|kind| kind.actions().map(Action::as_str).collect()),
            first: part.start,
            before: part.end,
            since: self.since.unwrap_or(Instant::UNIX_EPOCH).clamp(Instant::UNIX_EPOCH, LATEST),
            until: self.until.unwrap_or(LATEST).clamp(Instant::UNIX_EPOCH, LATEST),
            // One more than requested shows whether there is another page.
            limit: i64::from(self.limit) + 1,
        };
        let mut records = core.storage.read()?.activity(caller.user.id, &filter)?;
        let has_more = records.len() > limit;
        records.truncate(limit);
        let end_of_part = (part.start > 1).then_some(part.start);
        let next = if has_more { records.last().map(|record| record.sequence) } else { end_of_part };
        Ok(ActivityPage { records, next })
    }
}

/// The places that a page looks at: those before a place, of a chain with this last place.
fn part(before: Option<i64>, last: i64) -> Range<i64> {
    let end = last.saturating_add(1);
    let before = before.map_or(end, |before| before.clamp(1, end));
    (before - LOOKED_AT).max(1)..before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_long_chain_follow_each_other_without_gap_or_overlap() {
        assert_eq!(part(None, 25_000), 15_001..25_001);
        assert_eq!(part(Some(15_001), 25_000), 5_001..15_001);
        assert_eq!(part(Some(5_001), 25_000), 1..5_001);
        assert_eq!(part(None, 3), 1..4);
    }

    #[test]
    fn a_place_of_no_chain_is_before_the_first_record_or_after_the_last() {
        assert_eq!(part(Some(i64::MAX), 3), 1..4);
        assert_eq!(part(Some(i64::MIN), 3), 1..1);
        assert_eq!(part(None, 0), 1..1);
    }
}
