//! Log lines as JSON objects: one a line, without a repeated key. A second field of a name, or one with the name of a
//! member that every line has, gets a number, so that no reader of the line loses either.

use std::fmt;

use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormattedFields,
        format::{JsonFields, Writer},
        time::{FormatTime, SystemTime},
    },
    registry::LookupSpan,
};

/// Formats events as JSON objects.
pub(super) struct Objects;

impl<S: Subscriber + for<'a> LookupSpan<'a>> FormatEvent<S, JsonFields> for Objects {
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut timestamp = String::new();
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let metadata = event.metadata();
        let mut object = Object::default();
        object.insert("timestamp", timestamp.into());
        object.insert("level", metadata.level().as_str().into());
        object.insert("target", metadata.target().into());
        if let Some(span) = context.lookup_current() {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<JsonFields>>();
            let fields = fields.and_then(|fields| serde_json::from_str::<Map<String, Value>>(&fields.fields).ok());
            let mut members = Object(fields.into_iter().flatten().collect());
            members.insert("name", span.name().into());
            object.insert("span", Map::from_iter(members.0).into());
        }
        event.record(&mut object);
        writeln!(writer, "{object}")
    }
}

/// The members in the order in which they were inserted.
#[derive(Default)]
struct Object(Vec<(String, Value)>);

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (key, value)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "{" } else { "," };
            write!(f, "{separator}{}:{value}", Value::from(key.as_str()))?;
        }
        f.write_str("}")
    }
}

impl Object {
    fn insert(&mut self, name: &str, value: Value) {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let names = std::iter::once(name.to_owned()).chain(numbered);
        if let Some(free) = { names }.find(|name| self.0.iter().all(|(taken, _)| taken != name)) {
            self.0.push((free, value));
        }
    }
}

impl Visit for Object {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field.name(), value.into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field.name(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert(field.name(), format!("{value:?}").into());
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::{fmt, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(events: impl FnOnce()) -> Vec<Map<String, Value>> {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = fmt::layer().fmt_fields(JsonFields::new()).event_format(Objects);
        let layer = layer.with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), events);
        let bytes = lines.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(|line| selfsame_testing::json::strict(line).unwrap()).collect()
    }

    #[test]
    fn a_line_has_no_key_twice_and_loses_nothing() {
        let lines = logged(|| {
            tracing::error!(message = 456, level = "high", target = 1, reason = "a\n\"b\"", "mail given up");
        });
        let line = &lines[0];
        assert_eq!(line["message"], "mail given up");
        assert_eq!(line["message_2"], 456);
        assert_eq!((&line["level"], &line["level_2"]), (&"ERROR".into(), &"high".into()));
        assert_eq!(line["target_2"], 1);
        assert_eq!(line["reason"], "a\n\"b\"");
    }

    #[test]
    fn a_line_names_the_span_and_leaves_out_what_is_not_known() {
        let lines = logged(|| {
            let _span = tracing::info_span!("request", request_id = "r1", name = "own").entered();
            tracing::info!(ip = None::<tracing::field::DisplayValue<u8>>, ok = true, "answered");
        });
        assert_eq!(
            lines[0]["span"].clone(),
            serde_json::json!({"request_id": "r1", "name": "own", "name_2": "request"})
        );
        assert_eq!((lines[0].get("ip"), &lines[0]["ok"]), (None, &true.into()));
    }
}
