//! `selfsame serve`: from settings to a listening server, and in order back down.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
};

use selfsame_http::{Drain, Shared, serve, stop};
use selfsame_storage_diesel::SchemaState;
use tokio::signal::unix::{SignalKind, signal};

use super::{composition_failed, fail, say, storage_failed};
use crate::{
    cli::Exit,
    compose::{Composed, compose, mail_rounds, server_options, shared},
    settings::{Loaded, schema::Settings},
    workers::Workers,
};

/// Serves until SIGTERM or Ctrl-C.
pub(super) fn run(mut loaded: Loaded, stdout: &mut dyn Write) -> Exit {
    let bind = loaded.settings.server.bind;
    let (listener, address) = match listen(bind) {
        Ok(listening) => listening,
        Err(error) => return fail(&format!("cannot listen on {bind}: {error}")),
    };
    loaded.bound_to(address);
    let settings = &loaded.settings;
    let composed = match compose(settings) {
        Ok(composed) => composed,
        Err(error) => return composition_failed(&error),
    };
    if let Err(exit) = bring_up_to_date(settings, &composed) {
        return exit;
    }
    let shared = match shared(settings, &composed) {
        Ok(shared) => shared,
        Err(error) => return composition_failed(&error),
    };
    let (rounds, poll) = mail_rounds(settings);
    let workers = match Workers::start(&composed.core, composed.mailer.clone(), rounds, poll) {
        Ok(workers) => workers,
        Err(error) => return fail(&format!("no thread for a worker: {error}")),
    };
    say(stdout, &banner(&loaded, &composed, address));
    let served = actix_web::rt::System::new().block_on(until_stopped(listener, shared, settings));
    workers.stop();
    match served {
        Ok(()) => Exit::Success,
        Err(error) => fail(&format!("the server stopped: {error}")),
    }
}

fn listen(bind: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(bind)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Migrates, or refuses a schema that is not this build's (R92). A database that is out of reach just now is no reason not
/// to start if somebody else migrates: readiness tells.
fn bring_up_to_date(settings: &Settings, composed: &Composed) -> Result<(), Exit> {
    let storage = &composed.storage;
    if settings.database.auto_migrate {
        let done = storage.migrate().map_err(|error| storage_failed(&error))?;
        if !done.is_empty() {
            tracing::info!(migrations = done.join(", "), "brought the schema up to date");
        }
        return Ok(());
    }
    match storage.schema().map_err(|error| storage_failed(&error))? {
        SchemaState::Current => Ok(()),
        state => Err(fail(&format!(
            "the schema is not the one this build needs ({state:?}); run `selfsame migrate`, or set database.auto_migrate"
        ))),
    }
}

async fn until_stopped(listener: TcpListener, shared: Shared, settings: &Settings) -> io::Result<()> {
    let drain = shared.drain();
    let server = serve(listener, shared, &server_options(settings))?;
    let grace = settings.server.drain_grace.get();
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        match stop_asked_for().await {
            Ok(name) => tracing::info!(signal = name, "stopping"),
            Err(error) => return tracing::error!(%error, "signals cannot be received"),
        }
        stop(&handle, &Drain::clone(&drain), grace).await;
    });
    server.await
}

/// Waits for SIGTERM or Ctrl-C.
async fn stop_asked_for() -> io::Result<&'static str> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    })
}

/// What this process uses, and where to look.
fn banner(loaded: &Loaded, composed: &Composed, address: SocketAddr) -> String {
    let settings = &loaded.settings;
    let public = composed.core.policy.public_url.as_str().trim_end_matches('/');
    let mut lines = vec![
        format!("selfsame {} ({})", env!("CARGO_PKG_VERSION"), loaded.environment),
        format!("  data       {}", settings.data_dir.display()),
        format!("  database   {}", settings.database.url),
        format!("  mail       {}", settings.mail.url),
        format!("  pictures   {}", settings.blobs.url),
        "  contracts  wacht /me /session /auth · profile_api /api/v1/me · rivergen /api/v1/auth · account /api/v1/account"
            .to_owned(),
    ];
    if settings.server.docs_enabled {
        lines.push(format!("  docs       {public}/docs"));
    }
    if composed.mailbox.is_some() {
        lines.push(format!("  mailbox    {public}/dev/mailbox"));
    }
    lines.push(format!("  public     {public}"));
    lines.push(format!("listening on http://{address}"));
    lines.join("\n")
}
