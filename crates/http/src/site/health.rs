//! `/health/live` and `/health/ready` (R90). They say yes or no and not why; why is in the log.

use std::sync::Arc;

use actix_web::{HttpResponse, web::Data};
use serde_json::json;

use super::Site;
use crate::blocking::{Lane, Lanes};

/// The process answers. Nothing else is asked: a database that is away is no reason to kill it.
pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// Requests may be sent here: the database answers with the right schema, and the server is not about to stop.
pub(super) async fn ready(site: Data<Site>, lanes: Data<Lanes>) -> HttpResponse {
    let is_ready = !site.drain.has_begun() && storage_is_ready(Arc::clone(&site), &lanes).await;
    if is_ready {
        HttpResponse::Ok().json(json!({ "status": "ready" }))
    } else {
        HttpResponse::ServiceUnavailable().insert_header(("Retry-After", "1")).json(json!({ "status": "unavailable" }))
    }
}

async fn storage_is_ready(site: Arc<Site>, lanes: &Lanes) -> bool {
    match lanes.run(Lane::Database, move || site.storage.ready()).await {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            false
        }
        Err(_already_logged) => false,
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
