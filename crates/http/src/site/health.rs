//! `/health/live` and `/health/ready` (R90). Only the log has the cause of a failure.

use actix_web::{HttpResponse, web::Data};
use selfsame_application::data::check_readiness::CheckReadiness;
use serde::Serialize;
use utoipa::ToSchema;

use super::Call;
use crate::{Drain, Lane};

/// The health of the server.
#[derive(Serialize, ToSchema)]
#[schema(as = server::Health)]
struct Health {
    status: Status,
}

#[derive(Serialize, ToSchema)]
#[schema(as = server::HealthStatus)]
#[serde(rename_all = "lowercase")]
enum Status {
    Live,
    Ready,
    Unavailable,
}

/// Check liveness
///
/// The process responds. The database is not checked, because a restart of the process does not repair it.
#[utoipa::path(
    get, path = "/health/live", operation_id = "server_get_liveness", tag = "server",
    security(()),
    responses(
        (status = 200, description = "The process responds.", body = Health, example = json!({"status": "live"})),
    ),
)]
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: Status::Live })
}

/// Check readiness
///
/// The server is ready for requests: the database responds and has the right schema, and the server is not about to
/// stop.
#[utoipa::path(
    get, path = "/health/ready", operation_id = "server_get_readiness", tag = "server",
    security(()),
    responses(
        (status = 200, description = "The server is ready.", body = Health, example = json!({"status": "ready"})),
        (status = 503, description = "The server is not ready.", body = Health,
            headers(("Retry-After" = u32, description = "Seconds.")), example = json!({"status": "unavailable"})),
    ),
)]
pub(super) async fn ready(call: Call, drain: Data<Drain>) -> HttpResponse {
    let is_ready =
        !drain.has_begun() && call.run(Lane::Database, |core, _sender| Ok(CheckReadiness.execute(core)?)).await.is_ok();
    if is_ready {
        HttpResponse::Ok().json(Health { status: Status::Ready })
    } else {
        HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "1"))
            .json(Health { status: Status::Unavailable })
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Drain,
        site::testing::{Setup, get},
    };

    #[actix_web::test]
    async fn r90_liveness_ignores_the_database_and_readiness_does_not() {
        let broken = Setup { is_broken: true, ..Setup::default() };
        assert_eq!(get(&Setup::default(), "/health/live").await.status, 200);
        assert_eq!(get(&Setup::default(), "/health/ready").await.status, 200);
        assert_eq!(get(&broken, "/health/live").await.status, 200);
        let ready = get(&broken, "/health/ready").await;
        assert_eq!((ready.status, ready.body.as_str()), (503, r#"{"status":"unavailable"}"#));
    }

    #[actix_web::test]
    async fn r89_a_server_that_is_about_to_stop_is_alive_and_not_ready() {
        let drain = Drain::default();
        drain.begin();
        let draining = Setup { drain, ..Setup::default() };
        assert_eq!(get(&draining, "/health/live").await.status, 200);
        assert_eq!(get(&draining, "/health/ready").await.status, 503);
    }
}
