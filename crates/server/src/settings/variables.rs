//! Environment variables as a source of settings: `SELFSAME__SECTION__KEY`, and `SELFSAME__SECTION__KEY_FILE` for a value
//! that is in a file, as container secrets are. Every other variable that begins with `SELFSAME` is refused.

use std::{collections::BTreeMap, fs, path::Path};

use config::Value;

use super::{
    Environment, hint,
    layer::{Layer, PREFIX},
    load::Surroundings,
    problem::Problem,
};

/// The suffix of a variable that names a file.
const FILE: &str = "_file";
/// Largest file that is read for a value.
const LARGEST_FILE: u64 = 64 * 1024;

/// The settings among the variables: `SELFSAME__SERVER__BIND` is `server.bind`, and the content of the file that
/// `SELFSAME__MAIL__URL_FILE` names is `mail.url`, without its last line break. `known` has every key.
pub(super) fn layer(surroundings: &Surroundings, known: &Layer, problems: &mut Vec<Problem>) -> Layer {
    let mut layer = BTreeMap::new();
    let mut files = Vec::new();
    for (name, value) in &surroundings.variables {
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        let key = path.to_lowercase().replace("__", ".");
        let origin = format!("environment variable {name}");
        match key.strip_suffix(FILE).filter(|of| known.0.contains_key(*of) && !known.0.contains_key(&key)) {
            // Compose files pass an empty variable where none is set.
            Some(_) if value.is_empty() => {}
            Some(of) => files.push((of.to_owned(), value, format!("{origin}, {value}"))),
            None => {
                layer.insert(key, Value::new(Some(&origin), value.as_str()));
            }
        }
    }
    for (key, path, origin) in files {
        let is_set =
            layer.get(&key).is_some_and(|value| value.clone().into_string().is_ok_and(|text| !text.is_empty()));
        let read = if is_set {
            Err(format!("set twice: leave out {} or {}_FILE", hint::variable(&key), hint::variable(&key)))
        } else {
            content(&surroundings.directory.join(path))
        };
        match read {
            Ok(text) => {
                layer.insert(key, Value::new(Some(&origin), text));
            }
            Err(message) => problems.push(Problem { key, message, source: origin }),
        }
    }
    Layer(layer)
}

/// The value in a file. An empty one would silently mean the default.
fn content(path: &Path) -> Result<String, String> {
    let unreadable = |error: &dyn ToString| format!("the file cannot be read: {}", error.to_string());
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.len() > LARGEST_FILE {
        return Err(unreadable(&"it is larger than 64 KiB"));
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    let text = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if text.is_empty() { Err("the file is empty".to_owned()) } else { Ok(text.to_owned()) }
}

/// Variables that begin with `SELFSAME` (any case) and are no setting. Ignoring them would hide typing errors.
pub(super) fn unknown(surroundings: &Surroundings) -> Vec<Problem> {
    let begins = |name: &str| name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("SELFSAME"));
    let is_known = |name: &str| name == Environment::VARIABLE || name.starts_with(PREFIX);
    let of_environment = |name: &str| format!("environment variable {name}");
    let misspelt = surroundings
        .variables
        .iter()
        .filter(|(name, value)| begins(name) && !is_known(name) && !is_service_link(name, value));
    let misspelt = misspelt.map(|(name, _)| Problem {
        key: name.clone(),
        message: hint::unknown_variable(name),
        source: of_environment(name),
    });
    let unreadable = surroundings.unreadable.iter().filter(|name| begins(name)).map(|name| Problem {
        key: name.clone(),
        message: "its value is not Unicode".to_owned(),
        source: of_environment(name),
    });
    misspelt.chain(unreadable).collect()
}

/// What Kubernetes adds to every container for a service whose name begins with `selfsame`:
/// `SELFSAME_SERVICE_HOST`, `SELFSAME_SERVICE_PORT_HTTP`, `SELFSAME_PORT`, `SELFSAME_PORT_8080_TCP_ADDR`.
fn is_service_link(name: &str, value: &str) -> bool {
    let protocols = ["tcp", "udp", "sctp"];
    let is_address = protocols.iter().any(|protocol| value.starts_with(&format!("{protocol}://")));
    let parts: Vec<&str> = name.split('_').collect();
    let is_port = parts.windows(3).any(|window| {
        window[0] == "PORT"
            && window[1].parse::<u16>().is_ok()
            && protocols.iter().any(|protocol| protocol.eq_ignore_ascii_case(window[2]))
    });
    name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || name.ends_with("_PORT") && is_address
        || is_port
}
