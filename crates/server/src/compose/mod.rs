//! The one place where ports meet adapters, chosen by the scheme of a URL in the settings.
//!
//! To add an adapter: a crate that passes the port's suite, its scheme in `settings/bounds.rs`, one arm here.

mod decisions;
mod http;
mod system_clock;

use std::{path::Path, sync::Arc};

use selfsame_application::{Core, mail::signal::OutboxSignal};
use selfsame_blobs_fs::FileBlobs;
use selfsame_domain::Instant;
use selfsame_mailer_lettre::{FileMailbox, MailerOptions, SmtpMailer};
use selfsame_passwords_argon2::Argon2Hasher;
use selfsame_pictures_image::{ImagePictures, PictureOptions};
use selfsame_ports::{Clock, Mailbox, Mailer, Vault};
use selfsame_storage_diesel::{DatabaseOptions, DieselStorage};
use selfsame_tokens_jwt::JwtTokens;
use selfsame_vault_aws_lc::AwsLcVault;

use self::decisions::bytes;
pub(crate) use self::{
    decisions::delivery,
    http::{server_options, shared},
    system_clock::SystemClock,
};
use crate::{
    data_dir::{DataDir, KeyKind, new_kid},
    settings::schema::Settings,
};

/// The adapters and the core over them.
pub(crate) struct Composed {
    pub(crate) core: Arc<Core>,
    pub(crate) storage: Arc<DieselStorage>,
    pub(crate) mailer: Arc<dyn Mailer>,
    /// The development mailbox, if mail goes there.
    pub(crate) mailbox: Option<Arc<dyn Mailbox>>,
}

/// An adapter that cannot be had with these settings.
#[derive(Debug, thiserror::Error)]
#[error("{key}: {message}")]
pub(crate) struct ComposeError {
    key: &'static str,
    message: String,
    /// Whether the same settings may work later: the database is out of reach.
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
    let data_dir = DataDir::open(&settings.data_dir).map_err(|error| ComposeError::new("data_dir", &error))?;
    let vault = open_vault(settings, &data_dir, clock.now())?;
    let tokens = open_tokens(settings, &data_dir, clock.now(), Arc::clone(&vault))?;
    let storage = open_storage(settings)?;
    let (mailer, mailbox) = open_mailer(settings)?;
    let core = Core {
        storage: storage.clone(),
        rate_limits: storage.clone(),
        clock,
        passwords: Arc::new(open_hasher(settings, Arc::clone(&vault))?),
        tokens: Arc::new(tokens),
        blobs: Arc::new(open_blobs(settings)?),
        pictures: Arc::new(open_pictures(settings)),
        vault,
        policy: decisions::policy(settings)?,
        limits: decisions::limits(settings),
        attributes_schema: decisions::attributes_schema(settings)?,
        outbox_signal: OutboxSignal::default(),
    };
    Ok(Composed { core: Arc::new(core), storage, mailer, mailbox })
}

/// The database by itself, for `selfsame migrate`.
pub(crate) fn open_storage(settings: &Settings) -> Result<Arc<DieselStorage>, ComposeError> {
    let database = &settings.database;
    let options = DatabaseOptions {
        pool_size: database.pool_size,
        readers: database.readers,
        acquire_timeout: database.acquire_timeout.get(),
        statement_timeout: database.statement_timeout.get(),
        lock_timeout: database.lock_timeout.get(),
        ..DatabaseOptions::new(database.url.expose())
    };
    let connected = DieselStorage::connect(&options);
    connected
        .map(Arc::new)
        .map_err(|error| ComposeError { is_temporary: true, ..ComposeError::new("database.url", &error) })
}

fn open_vault(settings: &Settings, data_dir: &DataDir, now: Instant) -> Result<Arc<dyn Vault>, ComposeError> {
    let fresh = selfsame_vault_aws_lc::generate_key();
    let random = settings.keys.create_missing.then_some(*fresh);
    let keys =
        data_dir.encryption_keys(&kid(now, &fresh), random).map_err(|error| ComposeError::new("data_dir", &error))?;
    let keys = keys.into_iter().map(|(kid, key)| (kid, *key)).collect();
    let vault = AwsLcVault::new(keys).map_err(|error| ComposeError::new("data_dir", &error))?;
    Ok(Arc::new(vault))
}

fn open_tokens(
    settings: &Settings,
    data_dir: &DataDir,
    now: Instant,
    vault: Arc<dyn Vault>,
) -> Result<JwtTokens, ComposeError> {
    let mut random = [0; 32];
    vault.fill_random(&mut random);
    let make = settings
        .keys
        .create_missing
        .then_some(|| selfsame_tokens_jwt::generate_signing_key().map(zeroize::Zeroizing::new));
    let keys = data_dir
        .load_or_create(KeyKind::Signing, &kid(now, &random), make)
        .map_err(|error| ComposeError::new("data_dir", &error))?;
    let keys = keys.into_iter().map(|file| (file.kid, file.bytes.to_vec())).collect();
    let options = selfsame_tokens_jwt::Options {
        issuer: settings.tokens.issuer.clone(),
        audiences: vec![settings.tokens.audience.clone()],
        leeway: settings.tokens.leeway.get(),
    };
    JwtTokens::new(options, keys, vault).map_err(|error| ComposeError::new("data_dir", &error))
}

/// Two random bytes keep keys made in one second apart.
fn kid(now: Instant, random: &[u8; 32]) -> String {
    new_kid(now, [random[0], random[1]])
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

fn open_pictures(settings: &Settings) -> ImagePictures {
    let pictures = &settings.pictures;
    ImagePictures::new(PictureOptions {
        max_side: pictures.max_side,
        output_side: pictures.output_side,
        max_alloc: pictures.max_alloc.bytes(),
        permits: pictures.permits,
        wait: pictures.timeout.get(),
    })
}

fn open_blobs(settings: &Settings) -> Result<FileBlobs, ComposeError> {
    // `file` is the one scheme that the settings let through.
    let path = Path::new(settings.blobs.url.after_scheme());
    FileBlobs::open(path).map_err(|error| ComposeError::new("blobs.url", &error))
}

/// Whoever hands mail over, and the development mailbox if that is who it is.
pub(crate) type Mail = (Arc<dyn Mailer>, Option<Arc<dyn Mailbox>>);

/// Mail by itself, for `selfsame mail test`.
pub(crate) fn open_mailer(settings: &Settings) -> Result<Mail, ComposeError> {
    let mail = &settings.mail;
    let refused = |error: &dyn ToString| ComposeError::new("mail", error);
    let options = MailerOptions {
        url: mail.url.expose().to_owned(),
        from: mail.from.clone(),
        from_name: mail.from_name.clone(),
        app_name: settings.wacht.app_name.clone(),
        timeout: mail.timeout.get(),
    };
    if mail.url.scheme() == "file" {
        let folder = Path::new(mail.url.after_scheme());
        let mailbox = Arc::new(FileMailbox::open(folder, &options).map_err(|error| refused(&error))?);
        return Ok((mailbox.clone(), Some(mailbox)));
    }
    let mailer = SmtpMailer::connect(&options).map_err(|error| refused(&error))?;
    Ok((Arc::new(mailer), None))
}
