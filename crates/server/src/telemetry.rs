//! Logs, to standard error. It knows tracing-subscriber and the settings of `[log]`. Types with secrets print as `***`.

use std::{
    io::{IsTerminal, stderr},
    panic,
};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::settings::schema::{Log, LogFormat};

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TelemetryError {
    /// The directives of `log.filter` cannot be parsed.
    #[error("log.filter: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging was set up before.
    #[error("logging is already set up: {0}")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Sends this process's events to standard error: as text if it is a terminal and the format is `auto`, otherwise as
/// one JSON object a line. A panic is logged too, so that JSON output stays JSON. Call once.
pub(crate) fn init(log: &Log) -> Result<(), TelemetryError> {
    let registry = tracing_subscriber::registry().with(EnvFilter::try_new(&log.filter)?);
    if is_human(log.format, stderr().is_terminal()) {
        let lines = fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
        registry.with(lines).try_init()?;
    } else {
        let objects = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
        registry.with(objects.with_writer(stderr)).try_init()?;
    }
    log_panics();
    Ok(())
}

fn is_human(format: LogFormat, terminal: bool) -> bool {
    match format {
        LogFormat::Human => true,
        LogFormat::Json => false,
        LogFormat::Auto => terminal,
    }
}

fn log_panics() {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(ToString::to_string).unwrap_or_default();
        let message = panicked.payload_as_str().unwrap_or("no message");
        tracing::error!(place, "panicked: {message}");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_is_human_on_a_terminal_and_json_elsewhere() {
        assert!(is_human(LogFormat::Auto, true));
        assert!(!is_human(LogFormat::Auto, false));
    }

    #[test]
    fn a_format_that_was_asked_for_holds_everywhere() {
        for terminal in [true, false] {
            assert!(is_human(LogFormat::Human, terminal));
            assert!(!is_human(LogFormat::Json, terminal));
        }
    }
}
