//! The listening server: threads, deadlines, shutdown.

use std::{
    any::Any,
    io,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use actix_web::{
    App, Error, HttpServer,
    body::BoxBody,
    dev::{Server, ServerHandle, ServiceFactory, ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{ConnectionType, KeepAlive},
    middleware::from_fn,
};

use crate::{Shared, Timeouts, blocking::SPARE_THREADS, contracts::CONTRACTS, edge::edge, site};

/// Options of the server process.
#[derive(Clone, Copy, Debug)]
pub struct ServerOptions {
    /// Threads that serve connections; 0 for one per core.
    pub workers: usize,
    /// Threads per worker for [`crate::Lane::Database`], and as many for [`crate::Lane::Reading`]. Workers times this near
    /// the size of the connection pool: more threads only queue for connections, and each costs.
    pub blocking_threads_per_worker: usize,
    /// How long requests in flight may take to finish when the server stops, in whole seconds.
    pub drain_timeout: Duration,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self { workers: 0, blocking_threads_per_worker: 2, drain_timeout: Duration::from_secs(25) }
    }
}

/// Serves on a bound listener, so that a caller that binds port 0 knows the port. Poll the returned server to run it;
/// its handle stops it. The caller handles signals.
pub fn serve(listener: TcpListener, shared: Shared, options: &ServerOptions) -> io::Result<Server> {
    let timeouts = shared.options.timeouts;
    listen(listener, options, timeouts, move || app(&shared))
}

/// The whole server as an actix application.
pub fn app(shared: &Shared) -> App<impl AppService + use<>> {
    let (options, drain) = (shared.options.clone(), shared.drain());
    App::new().configure(|config| routes(config, shared)).wrap(from_fn(move |request, next| {
        let drain = drain.clone();
        let answered = edge(options.clone(), request, next);
        async move {
            let answer = answered.await;
            if drain.has_begun() { last_of_its_connection(answer) } else { answer }
        }
    }))
}

/// Lets the client open another connection, elsewhere, instead of losing a request on this one.
fn last_of_its_connection(answer: Result<ServiceResponse<BoxBody>, Error>) -> Result<ServiceResponse<BoxBody>, Error> {
    match answer {
        Ok(mut response) => {
            response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
            Ok(response)
        }
        Err(error) => {
            let mut response = error.error_response();
            response.head_mut().set_connection_type(ConnectionType::Close);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// All routes and their state, without the [edge](crate::edge).
fn routes(config: &mut actix_web::web::ServiceConfig, shared: &Shared) {
    shared.provide(config);
    for contract in CONTRACTS {
        config.configure(contract.routes);
    }
    site::routes(config, shared.options.docs_enabled);
}

/// An alias for what [`App`] requires of its endpoint.
pub trait AppService:
    ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
        Service: 'static,
        Future: 'static,
    > + 'static
{
}

impl<T> AppService for T where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = Error,
            InitError = (),
            Service: 'static,
            Future: 'static,
        > + 'static
{
}

fn listen<T: AppService>(
    listener: TcpListener,
    options: &ServerOptions,
    timeouts: Timeouts,
    factory: impl Fn() -> App<T> + Send + Clone + 'static,
) -> io::Result<Server> {
    let keep_alive = match timeouts.keep_alive {
        Duration::ZERO => KeepAlive::Disabled,
        idle => KeepAlive::Timeout(idle),
    };
    let mut server = HttpServer::new(factory)
        .keep_alive(keep_alive)
        .client_request_timeout(timeouts.head)
        .client_disconnect_timeout(Duration::from_secs(1))
        .on_connect(move |connection, _extensions| bound_writes(connection, timeouts.write))
        .worker_max_blocking_threads(2 * (options.blocking_threads_per_worker + SPARE_THREADS))
        .shutdown_timeout(options.drain_timeout.as_secs())
        .disable_signals();
    if options.workers > 0 {
        server = server.workers(options.workers);
    }
    Ok(server.listen(listener)?.run())
}

/// Makes the system close a connection whose client takes no byte of what waits to be sent for so long (R85). The
/// framework itself would wait without end: it stops reading, and its deadlines are those of requests.
#[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "the option is of Linux"))]
fn bound_writes(connection: &dyn Any, longest: Duration) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(longest))
    {
        tracing::debug!(%error, "a connection has no deadline for writing");
    }
}

/// Whether this server is about to stop. All clones share the flag.
#[derive(Clone, Debug, Default)]
pub struct Drain(Arc<AtomicBool>);

impl Drain {
    /// Makes `/health/ready` respond with 503 from now on, and every response the last one of its connection.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`Drain::begin`] was called.
    pub fn has_begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Stops a server in order (R89). It stops being ready at once and still serves for `grace`, until load balancers use
/// other servers. Then it accepts no connections and finishes the requests in flight.
pub async fn stop(handle: &ServerHandle, drain: &Drain, grace: Duration) {
    drain.begin();
    tokio::time::sleep(grace).await;
    handle.stop(true).await;
}

#[cfg(test)]
#[path = "server_tests.rs"]
mod tests;
