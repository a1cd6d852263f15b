//! Records the statements that were run, for tests that count them and operators who trace them.
//!
//! Statements are shown with their placeholders, never with values. On SQLite units share transactions; each unit is
//! shown with its own `BEGIN` and `COMMIT`, and the statements of the shared transaction are not shown.

use std::cell::RefCell;

use diesel::connection::InstrumentationEvent;

use crate::writer::as_seen_by_the_unit;

thread_local! {
    static RECORD: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs `work` and returns its result and the statements that it ran on this thread, including `BEGIN` and `COMMIT`.
pub fn record<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    RECORD.set(Some(Vec::new()));
    let result = work();
    (result, RECORD.take().unwrap_or_default())
}

/// The observer of every connection. Without a record or a trace it costs two look-ups.
#[expect(clippy::needless_pass_by_value, reason = "diesel hands it over so")]
pub(crate) fn observe(event: InstrumentationEvent<'_>) {
    let InstrumentationEvent::StartQuery { query, .. } = event else {
        return;
    };
    let is_recorded = RECORD.with_borrow(Option::is_some);
    let is_traced = tracing::enabled!(target: "selfsame::sql", tracing::Level::TRACE);
    if !is_recorded && !is_traced {
        return;
    }
    let text = query.to_string();
    let Some(statement) = text.split(" -- binds:").next().and_then(as_seen_by_the_unit) else {
        return;
    };
    tracing::trace!(target: "selfsame::sql", statement);
    RECORD.with_borrow_mut(|record| record.as_mut().map(|record| record.push(statement.to_owned())));
}
