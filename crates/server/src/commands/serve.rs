//! `selfsame serve`: starts the server and shuts it down in order.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    process,
    sync::Arc,
    time::{Duration, Instant},
};

use selfsame_http::{Shared, contracts, serve, stop};
use selfsame_ports::Clock as _;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::{bring_up_to_date, composition_failed, config_check, fail, refused, say};
use crate::{
    cli::Exit,
    compose::{Composed, SystemClock, compose, delivery, rounds_of, server_options, shared},
    control::{self, ControlSocket},
    settings::{Loaded, schema::Settings, warnings},
    workers::Workers,
};

/// How long the shutdown waits for an operator's command in progress.
const CONTROL_GRACE: Duration = Duration::from_secs(5);

/// How often it is looked for keys of other issuers that are not fresh any more.
const ISSUERS_REFRESH: Duration = Duration::from_secs(15);

/// Signals within this time of the first one count as that one.
const ONCE: Duration = Duration::from_millis(100);

/// Serves until SIGTERM, SIGHUP or Ctrl-C. A second one does not wait for requests in flight.
pub(super) fn run(mut loaded: Loaded, stdout: &mut dyn Write) -> Exit {
    loaded = match config_check::usable(loaded) {
        Ok(loaded) => loaded,
        Err(error) => return refused(&error, &mut io::stderr().lock()),
    };
    for warning in warnings(&loaded) {
        tracing::warn!("{warning}");
    }
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
    let (rounds, poll) = delivery(settings);
    let outlets = composed.outlets.iter().map(|outlet| (outlet.clone(), rounds_of(settings, outlet)));
    let workers = Workers::start(&composed.core, outlets, rounds, poll).and_then(|mut workers| {
        let keys = composed.keys.clone();
        workers.spawn("keys", settings.keys.reload.get(), move |_| keys.reload(SystemClock.now()))?;
        if let Some(issuers) = composed.issuers.clone() {
            workers.spawn("issuers", ISSUERS_REFRESH, move |_| issuers.refresh(SystemClock.now()))?;
        }
        Ok(workers)
    });
    let workers = match workers {
        Ok(workers) => workers,
        Err(error) => return fail(&format!("no thread for a worker: {error}")),
    };
    let control = open_control(settings, &composed);
    if composed.core.has_mailbox() && !address.ip().is_loopback() {
        tracing::warn!(%address, "whoever reaches this address reads every mail at /dev/mailbox, codes included");
    }
    if settings.passkeys.enabled && !composed.core.has_passkeys() {
        tracing::info!("passkeys are off: browsers know none for an IP address, and server.public_url has one");
    }
    say(stdout, &banner(&loaded, &composed, address));
    match actix_web::rt::System::new().block_on(until_stopped(listener, shared, workers, control, settings)) {
        Ok(()) => Exit::Success,
        Err(error) => fail(&format!("the server stopped: {error}")),
    }
}

fn listen(bind: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(bind)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Opens the control socket for commands. The server also runs without it.
fn open_control(settings: &Settings, composed: &Composed) -> Option<ControlSocket> {
    let answer = control::answering(Arc::clone(&composed.core), control::database_file(settings));
    let socket = ControlSocket::listen(&settings.data_dir, answer);
    socket.inspect_err(|error| tracing::warn!(%error, "there is no control socket")).ok()
}

async fn until_stopped(
    listener: TcpListener,
    shared: Shared,
    workers: Workers,
    control: Option<ControlSocket>,
    settings: &Settings,
) -> io::Result<()> {
    let mut signals = Signals::listen()?;
    let (drain, grace, stopper) = (shared.drain(), settings.server.drain_grace.get(), workers.stopper());
    let server = serve(listener, shared, &server_options(settings))?;
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        // Awaited outside of the event, because the fields of a disabled event are not evaluated.
        let signal = signals.next().await;
        tracing::info!(signal, "stopping");
        // During the drain and not after it, because a conversation with a mail server may take as long.
        stopper.stop();
        let first = Instant::now();
        actix_web::rt::spawn(async move {
            let mut signal = signals.next().await;
            // A service manager and a terminal may both send a signal.
            while first.elapsed() < ONCE {
                signal = signals.next().await;
            }
            tracing::warn!(signal, "told twice: exiting at once");
            process::exit(Exit::Failure as i32);
        });
        stop(&handle, &drain, grace).await;
    });
    let served = server.await;
    // On another thread, so that this one still receives signals.
    let end = || {
        workers.join();
        if let Some(control) = control {
            control.close(CONTROL_GRACE);
        }
    };
    tokio::task::spawn_blocking(end).await?;
    served
}

/// The signals that end the server.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// `None` if SIGHUP is ignored, as under nohup.
    hang_up: Option<Signal>,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let hang_up = if ignores_hang_up() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())?, hang_up })
    }

    /// Waits for one of them.
    async fn next(&mut self) -> &'static str {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            _ = hang_up => "SIGHUP",
        }
    }
}

/// Whether this process was started with SIGHUP ignored. Linux shows the signals that are, one bit each.
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Prints what this process uses, and its addresses.
fn banner(loaded: &Loaded, composed: &Composed, address: SocketAddr) -> String {
    let settings = &loaded.settings;
    let public = composed.core.policy.address("");
    let mut lines = vec![
        format!("selfsame {} ({})", env!("CARGO_PKG_VERSION"), loaded.environment),
        format!("  data       {}", settings.data_dir.display()),
        format!("  database   {}", settings.database.url),
        format!("  mail       {}", settings.mail.url),
        format!(
            "  sms        {}",
            if composed.core.policy.sends_sms { settings.sms.url.to_string() } else { "none".to_owned() }
        ),
        format!("  pictures   {}", settings.blobs.url),
        format!("  contracts  {}", contracts().map(|contract| contract.to_string()).collect::<Vec<_>>().join(" · ")),
    ];
    if !settings.webhooks.endpoints.is_empty() {
        let names: Vec<&str> = settings.webhooks.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
        lines.push(format!("  webhooks   {}", names.join(" · ")));
    }
    if settings.server.docs_enabled {
        lines.push(format!("  docs       {public}/docs"));
    }
    if composed.core.has_mailbox() {
        lines.push(format!("  mailbox    {public}/dev/mailbox"));
    }
    lines.push(format!("  public     {public}"));
    lines.push(format!("listening on http://{address}"));
    lines.join("\n")
}
