//! Logs, to standard error. It knows tracing-subscriber and the settings of `[log]`. Types with secrets print as `***`.

mod json;

use std::{
    io::{IsTerminal, stderr},
    panic,
};

use tracing_subscriber::{
    EnvFilter,
    filter::LevelFilter,
    fmt::{self, format::JsonFields},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

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
    let registry = tracing_subscriber::registry().with(filter(&log.filter)?);
    if is_human(log.format, stderr().is_terminal()) {
        let lines = fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
        registry.with(lines).try_init()?;
    } else {
        let objects = fmt::layer().fmt_fields(JsonFields::new()).event_format(json::Objects);
        registry.with(objects.with_writer(stderr)).try_init()?;
    }
    log_panics();
    Ok(())
}

/// The directives of the operator. actix-http logs every malformed request as an error. It is turned off unless debug
/// output is wanted, or the directives name the crate.
fn filter(directives: &str) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
    let filter = EnvFilter::try_new(directives)?;
    let is_debug = filter.max_level_hint().is_some_and(|level| level >= LevelFilter::DEBUG);
    if is_debug || directives.contains("actix_http") {
        return Ok(filter);
    }
    EnvFilter::try_new(format!("{directives},actix_http=off"))
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
    fn what_strangers_send_is_logged_where_debug_output_is_wanted() {
        for (directives, is_logged) in [
            ("info", false),
            ("", false),
            ("info,selfsame_http=warn", false),
            ("debug", true),
            ("info,actix_http=error", true),
        ] {
            let text = filter(directives).map(|filter| filter.to_string());
            assert_eq!(text.ok().map(|text| !text.contains("actix_http=off")), Some(is_logged), "{directives}");
        }
    }

    #[test]
    fn a_format_that_was_asked_for_holds_everywhere() {
        for terminal in [true, false] {
            assert!(is_human(LogFormat::Human, terminal));
            assert!(!is_human(LogFormat::Json, terminal));
        }
    }
}
