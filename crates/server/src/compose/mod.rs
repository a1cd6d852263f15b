//! The only place that chooses adapters for ports, by the scheme of a URL in the settings.
//!
//! The README has the steps under "Add an adapter".

mod examine;
mod http;
mod issuers;
pub(crate) mod keys;
mod passkeys;
mod policy;
mod system_clock;
pub(crate) mod webhooks;

use std::{path::Path, sync::Arc};

use selfsame_application::{Core, Ports, mail::deliver::Outlet};
use selfsame_blobs_database::DatabaseBlobs;
use selfsame_blobs_fs::FileBlobs;
use selfsame_breaches_ureq::RangeClient;
use selfsame_issuers_jwks::JwksIssuers;
use selfsame_mailer_lettre::{FileMailbox, MailerOptions, SmtpMailer};
use selfsame_passwords_argon2::Argon2Hasher;
use selfsame_pictures_image::{ImagePictures, PictureOptions};
use selfsame_places_maxmind::MaxMindPlaces;
use selfsame_ports::{
    Blobs, BreachedPasswords, Clock, ForeignTokens, Mailbox, Mailer, Places, RateLimits, Schema, SmsSender, Storage,
    Vault,
};
use selfsame_sms_http::{BodyFormat, GatewayOptions, HttpGateway};
use selfsame_storage_diesel::{Database, DatabaseOptions, DieselStorage};
use selfsame_texts::Language;

pub(crate) use self::{
    examine::examine,
    http::{server_options, shared},
    policy::{delivery, duration, rounds_of},
    system_clock::SystemClock,
};
use self::{keys::KeyRings, policy::bytes};
use crate::settings::schema::{Settings, SmsFormat};

/// The adapters and the core over them.
pub(crate) struct Composed {
    pub(crate) core: Arc<Core>,
    pub(crate) schema: Arc<dyn Schema>,
    /// Where mails, text messages and events go, and exports.
    pub(crate) outlets: Vec<Outlet>,
    /// The keys of vault and tokens, which are reloaded while the server runs.
    pub(crate) keys: KeyRings,
    /// The other issuers, whose keys are fetched while the server runs.
    pub(crate) issuers: Option<Arc<JwksIssuers>>,
}

/// An adapter that cannot be opened with these settings.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {message}")]
pub(crate) struct ComposeError {
    pub(crate) key: &'static str,
    pub(crate) message: String,
    /// Whether the same settings may work later: the database is not reachable.
    pub(crate) is_temporary: bool,
}

impl ComposeError {
    fn new(key: &'static str, error: &dyn ToString) -> Self {
        Self { key, message: error.to_string(), is_temporary: false }
    }
}

/// Builds everything. Opens files and connections; migrates nothing.
pub(crate) fn compose(settings: &Settings) -> Result<Composed, ComposeError> {
    let clock = Arc::new(SystemClock);
    let keys = KeyRings::open(settings, clock.now())?;
    let vault: Arc<dyn Vault> = keys.vault();
    let issuers = issuers::open(settings, clock.now())?;
    let OpenDatabase { storage, schema, rate_limits, tables } = open_database(settings)?;
    let (mailer, mailbox) = open_mailer(settings)?;
    let endpoints = webhooks::open(settings)?.into_iter();
    let outlets = [Outlet::Mail(mailer), Outlet::Exports]
        .into_iter()
        .chain(open_sms(settings)?.map(Outlet::Sms))
        .chain(endpoints.map(|(name, endpoint)| Outlet::Webhook(name, Arc::new(endpoint))))
        .collect();
    let ports = Ports {
        storage,
        rate_limits,
        clock,
        passwords: Arc::new(open_hasher(settings, Arc::clone(&vault))?),
        tokens: keys.tokens(),
        foreign_tokens: issuers.clone().map(|issuers| issuers as Arc<dyn ForeignTokens>),
        blobs: open_blobs(settings, tables)?,
        pictures: Arc::new(open_pictures(settings)),
        webauthn: passkeys::open(settings)?,
        vault,
        mailbox,
        breached_passwords: open_breached_passwords(settings)?,
        places: open_places(settings)?,
    };
    let (policy, limits) = (policy::policy(settings)?, policy::limits(settings));
    let core = Core::new(ports, policy, limits, policy::attributes_schema(settings)?);
    Ok(Composed { core: Arc::new(core), schema, outlets, keys, issuers })
}

/// The ports over a database.
pub(crate) struct OpenDatabase {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) schema: Arc<dyn Schema>,
    pub(crate) rate_limits: Arc<dyn RateLimits>,
    /// For adapters that have tables of their own in it.
    pub(crate) tables: Database,
}

/// The database alone, for commands that need nothing else. The settings allow the schemes `sqlite`, `postgres` and
/// `postgresql`, and `database` for the rate limits, which are in this database.
pub(crate) fn open_database(settings: &Settings) -> Result<OpenDatabase, ComposeError> {
    let opened = DieselStorage::connect(&database_options(settings)).map(Arc::new);
    let opened = opened.map_err(|error| ComposeError {
        is_temporary: error.is_temporary(),
        ..ComposeError::new("database.url", &error)
    })?;
    Ok(OpenDatabase { tables: opened.database(), storage: opened.clone(), schema: opened.clone(), rate_limits: opened })
}

pub(crate) fn database_options(settings: &Settings) -> DatabaseOptions {
    let database = &settings.database;
    DatabaseOptions {
        pool_size: database.pool_size,
        readers: database.readers,
        acquire_timeout: database.acquire_timeout.get(),
        statement_timeout: database.statement_timeout.get(),
        lock_timeout: database.lock_timeout.get(),
        ..DatabaseOptions::new(database.url.expose())
    }
}

fn open_hasher(settings: &Settings, vault: Arc<dyn Vault>) -> Result<Argon2Hasher, ComposeError> {
    let passwords = &settings.passwords;
    let options = selfsame_passwords_argon2::Options {
        memory_kib: passwords.argon2_memory_kib,
        iterations: passwords.argon2_iterations,
        parallelism: passwords.argon2_parallelism,
        permits: passwords.permits,
        queue: passwords.queue,
        queue_wait: passwords.queue_wait.get(),
    };
    Argon2Hasher::new(&options, vault).map_err(|error| ComposeError::new("passwords", &error))
}

/// The service of `passwords.breach_url`, if there is one.
fn open_breached_passwords(settings: &Settings) -> Result<Option<Arc<dyn BreachedPasswords>>, ComposeError> {
    let url = &settings.passwords.breach_url;
    if url.is_empty() {
        return Ok(None);
    }
    let range = RangeClient::new(url).map_err(|error| ComposeError::new("passwords.breach_url", &error))?;
    Ok(Some(Arc::new(range)))
}

/// The file of `notices.geoip_file`, if there is one.
fn open_places(settings: &Settings) -> Result<Option<Arc<dyn Places>>, ComposeError> {
    let path = &settings.notices.geoip_file;
    if path.is_empty() {
        return Ok(None);
    }
    let places = MaxMindPlaces::open(Path::new(path));
    let places = places.map_err(|error| ComposeError::new("notices.geoip_file", &format!("{path}: {error}")))?;
    Ok(Some(Arc::new(places)))
}

fn open_pictures(settings: &Settings) -> ImagePictures {
    let pictures = &settings.pictures;
    ImagePictures::new(PictureOptions {
        max_side: pictures.max_side,
        max_megapixels: pictures.max_megapixels,
        output_side: pictures.output_side,
        max_memory: pictures.max_memory.bytes(),
        permits: pictures.permits,
        wait: pictures.timeout.get(),
    })
}

/// `database` is the one of the accounts.
fn open_blobs(settings: &Settings, database: Database) -> Result<Arc<dyn Blobs>, ComposeError> {
    let url = &settings.blobs.url;
    match url.scheme() {
        "database" => Ok(Arc::new(DatabaseBlobs::new(database))),
        // `file`: the settings allow no other scheme.
        _ => match FileBlobs::open(Path::new(url.after_scheme())) {
            Ok(blobs) => Ok(Arc::new(blobs)),
            Err(error) => Err(ComposeError::new("blobs.url", &error)),
        },
    }
}

/// The mailer, and the development mailbox if mail goes there.
pub(crate) type Mail = (Arc<dyn Mailer>, Option<Arc<dyn Mailbox>>);

/// The mailer alone, for `selfsame mail test`.
pub(crate) fn open_mailer(settings: &Settings) -> Result<Mail, ComposeError> {
    let mail = &settings.mail;
    let refused = |error: &dyn ToString| ComposeError::new("mail", error);
    let options = mailer_options(settings);
    if mail.url.scheme() == "file" {
        let folder = Path::new(mail.url.after_scheme());
        let mailbox = Arc::new(FileMailbox::open(folder, &options).map_err(|error| refused(&error))?);
        return Ok((mailbox.clone(), Some(mailbox)));
    }
    let mailer = SmtpMailer::connect(&options).map_err(|error| refused(&error))?;
    Ok((Arc::new(mailer), None))
}

/// A setting that may be empty.
fn some(setting: &str) -> Option<String> {
    Some(setting.to_owned()).filter(|setting| !setting.is_empty())
}

/// The sender of text messages, if there is one; alone for `selfsame sms test`.
pub(crate) fn open_sms(settings: &Settings) -> Result<Option<Arc<dyn SmsSender>>, ComposeError> {
    let url = &settings.sms.url;
    let refused = |error: &dyn ToString| ComposeError::new("sms", error);
    match url.scheme() {
        "" => Ok(None),
        "file" => {
            let mailbox = FileMailbox::open(Path::new(url.after_scheme()), &mailer_options(settings));
            Ok(Some(Arc::new(mailbox.map_err(|error| refused(&error))?)))
        }
        // `https` or `http`: the settings allow no other scheme.
        _ => Ok(Some(Arc::new(HttpGateway::new(&gateway_options(settings)).map_err(|error| refused(&error))?))),
    }
}

fn gateway_options(settings: &Settings) -> GatewayOptions {
    let sms = &settings.sms;
    GatewayOptions {
        url: sms.url.expose().to_owned(),
        from: sms.from.clone(),
        format: match sms.format {
            SmsFormat::Form => BodyFormat::Form,
            SmsFormat::Json => BodyFormat::Json,
        },
        body: sms.body.clone(),
        scheme: sms.auth_scheme.clone(),
        secret: sms.secret.expose().to_owned(),
        app_name: settings.brand.name.clone(),
        language: language(settings),
        timeout: sms.timeout.get(),
    }
}

/// The language of readers whose language is not known. The settings were checked before.
fn language(settings: &Settings) -> Language {
    Language::of_reader(Some(&settings.brand.locale), Language::default())
}

fn mailer_options(settings: &Settings) -> MailerOptions {
    let mail = &settings.mail;
    MailerOptions {
        url: mail.url.expose().to_owned(),
        from: mail.from.clone(),
        from_name: mail.from_name.clone(),
        app_name: settings.brand.name.clone(),
        language: language(settings),
        logo_url: some(&settings.brand.logo_url),
        color: some(&settings.brand.color),
        timeout: mail.timeout.get(),
    }
}
