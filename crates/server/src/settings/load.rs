//! Loads [`Loaded`] settings from files and variables, or returns all problems. The environment is an argument, so that
//! tests need not change that of the process.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    net::SocketAddr,
    path::PathBuf,
};

use config::{Config, ConfigError};

use super::{
    Environment, bounds, hint,
    layer::{BUILT_IN, DEFAULTS, Layer},
    problem::{Problem, SettingsError},
    production,
    resolve::resolve,
    schema::Settings,
    variables,
};

/// The environment from which settings are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    /// The folder that contains `config/`.
    pub(crate) directory: PathBuf,
    /// The environment variables.
    pub(crate) variables: Vec<(String, String)>,
    /// The names of variables with a value that is not Unicode.
    pub(crate) unreadable: Vec<String>,
}

impl Surroundings {
    /// The environment of this process.
    pub(crate) fn of_process() -> Self {
        let (mut variables, mut unreadable) = (Vec::new(), Vec::new());
        for (name, value) in env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            match value.into_string() {
                Ok(value) => variables.push((name, value)),
                Err(_) => unreadable.push(name),
            }
        }
        Self { directory: PathBuf::from("."), variables, unreadable }
    }
}

/// Settings that passed every check.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    /// Complete: empty values are filled in.
    pub(crate) settings: Settings,
    /// The value of `SELFSAME_ENV`.
    pub(crate) environment: Environment,
    /// `section.key` to the file or variable that set it, or to the key from which it was derived.
    pub(crate) sources: BTreeMap<String, String>,
    written: Settings,
}

impl Loaded {
    /// Sets the address that the system chose for port 0 in `server.bind`, and derives the dependent addresses from it.
    pub(crate) fn bound_to(&mut self, address: SocketAddr) {
        self.written.server.bind = address;
        self.settings = self.written.clone();
        resolve(&mut self.settings, &mut self.sources);
    }
}

/// Reads, completes and checks the settings. The error contains every problem.
pub(crate) fn load(surroundings: &Surroundings) -> Result<Loaded, SettingsError> {
    let environment = Environment::of(&surroundings.variables)
        .map_err(|problem| SettingsError { environment: None, problems: vec![problem] })?;
    let refused = |problems| SettingsError { environment: Some(environment), problems };

    let mut problems = Vec::new();
    let defaults = Layer::of_toml(BUILT_IN, DEFAULTS).map_err(|problem| refused(vec![problem]))?;
    let file = Layer::of_file(&surroundings.directory, environment.file()).unwrap_or_else(|problem| {
        problems.push(problem);
        Layer::default()
    });
    problems.extend(variables::unknown(surroundings));
    let variables = variables::layer(surroundings, &defaults, &mut problems);
    let mut layers = vec![defaults, file, variables];
    drop_unknown_keys(&mut layers, &mut problems);
    let mut sources = sources(&layers);

    let (written, mistyped) = merge(&layers, &sources).map_err(|problem| refused(vec![problem]))?;
    let mut settings = written.clone();
    resolve(&mut settings, &mut sources);

    let mut findings = bounds::findings(&settings);
    if environment == Environment::Production {
        findings.extend(production::refusals(&settings));
    }
    // A key that could not be read was replaced by its default, which needs no finding.
    findings.retain(|finding| mistyped.iter().all(|problem| problem.key != finding.key));
    problems.extend(mistyped);
    problems.extend(findings.into_iter().map(|finding| {
        let source = sources.get(finding.key).filter(|source| *source != BUILT_IN).cloned().unwrap_or_default();
        Problem { key: finding.key.to_owned(), message: finding.message, source }
    }));
    if problems.is_empty() { Ok(Loaded { settings, environment, sources, written }) } else { Err(refused(problems)) }
}

/// Removes unknown keys from the later layers, so that the rest can still be checked.
fn drop_unknown_keys(layers: &mut [Layer], problems: &mut Vec<Problem>) {
    let Some((defaults, others)) = layers.split_first_mut() else {
        return;
    };
    for layer in others {
        layer.0.retain(|key, value| {
            let known = defaults.0.contains_key(key);
            if !known {
                let source = value.origin().unwrap_or_default().to_owned();
                let message = hint::unknown_key(key, source.starts_with("environment"));
                problems.push(Problem { key: key.clone(), message, source });
            }
            known
        });
    }
}

fn sources(layers: &[Layer]) -> BTreeMap<String, String> {
    let entries = layers.iter().flat_map(|layer| &layer.0);
    entries.map(|(key, value)| (key.clone(), value.origin().unwrap_or_default().to_owned())).collect()
}

/// Reads the layers as [`Settings`]. A value of the wrong type is reported and replaced by its default, so that all are
/// found.
fn merge(layers: &[Layer], sources: &BTreeMap<String, String>) -> Result<(Settings, Vec<Problem>), Problem> {
    let mut layers = layers.to_vec();
    let mut mistyped: Vec<Problem> = Vec::new();
    let mut replaced = BTreeSet::new();
    loop {
        let builder = layers.iter().fold(Config::builder(), |builder, layer| builder.add_source(layer.clone()));
        let error = match builder.build().and_then(Config::try_deserialize) {
            Ok(settings) => return Ok((settings, mistyped)),
            Err(error) => error,
        };
        let problem = type_problem(error, sources);
        let default = layers.first().and_then(|defaults| defaults.0.get(&problem.key)).cloned();
        match default {
            Some(default) if replaced.insert(problem.key.clone()) => {
                layers.push(Layer(BTreeMap::from([(problem.key.clone(), default)])));
                mistyped.push(problem);
            }
            _ => return Err(problem),
        }
    }
}

fn type_problem(error: ConfigError, sources: &BTreeMap<String, String>) -> Problem {
    let (key, message) = match error {
        ConfigError::Type { unexpected, expected, key, .. } => {
            (key, format!("expected {expected}, found {unexpected}"))
        }
        ConfigError::At { error, key, .. } => (key, error.to_string()),
        other => (None, other.to_string()),
    };
    let key = key.unwrap_or_default();
    let source = sources.get(&key).cloned().unwrap_or_else(|| "settings".to_owned());
    Problem { key, message, source }
}
