//! `/api/v1/account/exports`: everything that the account holds, as an archive (R78).

use actix_web::{
    HttpResponse,
    body::SizedStream,
    error::ErrorInternalServerError,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION},
    },
    web::{self, Bytes, Path, ServiceConfig},
};
use futures_util::{Stream, stream};
use selfsame_application::exports::{
    download::{DescribeArchive, DownloadExport, OpenedArchive, ReadPart, ReadyArchive},
    list::{ListExports, ReadExport},
    remove::RemoveExport,
    request::RequestExport,
};
use selfsame_domain::{Archive, Export, ExportId, ExportStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Account, Call, Fails,
    reasons::{
        EXPORT_EXPIRED, EXPORT_IN_PROGRESS, EXPORT_NOT_READY, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER,
        UNKNOWN_EXPORT,
    },
};
use crate::{Lane, call::HandlerResult, document::RateLimited, rejection::Rejection, time::timestamp};

const PATH: &str = "/api/v1/account/exports";

/// The exports of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Exports)]
struct ExportList {
    /// The newest first. Those that ended more than a few days ago are gone.
    exports: Vec<ExportObject>,
}

/// An export of the account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Export)]
struct ExportObject {
    #[schema(example = "445301278613505")]
    id: String,
    /// Only the archive of one that is `ready` can be downloaded.
    #[schema(example = "ready", pattern = "^(pending|running|ready|failed|expired)$")]
    status: &'static str,
    /// The part of the work that is done, in percent.
    #[schema(example = 100, minimum = 0, maximum = 100)]
    progress: i32,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    requested_at: String,
    /// When it became ready or failed.
    #[schema(required, format = DateTime, example = "2026-03-14T15:09:27.535Z")]
    finished_at: Option<String>,
    /// When the archive expires; `null` while there is none.
    #[schema(required, format = DateTime, example = "2026-03-15T15:09:27.535Z")]
    expires_at: Option<String>,
    /// Size of the archive; `null` while there is none.
    #[schema(required, example = 18432)]
    bytes: Option<i64>,
    /// The path of the archive; `null` while it cannot be downloaded.
    #[schema(required, example = "/api/v1/account/exports/445301278613505/archive")]
    archive: Option<String>,
}

impl ExportObject {
    fn of((export, status): (Export, ExportStatus)) -> Self {
        let is_ready = status == ExportStatus::Ready;
        let is_made = is_ready || status == ExportStatus::Expired;
        Self {
            id: export.id.to_string(),
            status: status.as_str(),
            progress: export.progress,
            requested_at: timestamp(export.requested_at),
            finished_at: export.finished_at.map(timestamp),
            expires_at: is_made.then(|| timestamp(export.expires_at)),
            bytes: export.archive.filter(|_| is_ready).map(|archive| archive.bytes),
            archive: is_ready.then(|| format!("{PATH}/{}/archive", export.id)),
        }
    }
}

/// An id in a path. An unreadable one is an unknown one (R62).
fn parse(id: &str) -> Result<ExportId, Rejection<Account>> {
    id.parse().map_err(|_unreadable| UNKNOWN_EXPORT.into())
}

/// Mounts the routes.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/api/v1/account/exports").get(list).head(list).post(request))
        .service(web::resource("/api/v1/account/exports/{id}").get(read).head(read).delete(remove))
        .service(web::resource("/api/v1/account/exports/{id}/archive").get(download).head(describe));
}

/// List the exports
#[utoipa::path(
    get, path = "/api/v1/account/exports", operation_id = "account_list_exports", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The exports.", body = ExportList, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let exports = call
        .run(Lane::Reading, |core, sender| {
            let exports = ListExports.execute(core, &sender.authenticate(core)?)?;
            Ok(exports.into_iter().map(ExportObject::of).collect())
        })
        .await?;
    call.respond_with_tag(&ExportList { exports })
}

/// Request an export
///
/// Needs a recent proof of who is there. The archive is made in the background; `status` and `progress` tell how far it is, and
/// a mail tells when it is ready. One export of an account is made at a time.
#[utoipa::path(
    post, path = "/api/v1/account/exports", operation_id = "account_request_export", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses(
        (status = 202, description = "The export is being made.", body = ExportObject,
            headers(("Location" = String, description = "The export."))),
        Fails<(EXPORT_IN_PROGRESS, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, RateLimited)>,
    ),
)]
pub(super) async fn request(call: Call) -> HandlerResult {
    let export = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let export = RequestExport { context: sender.context }.execute(core, &caller)?;
            Ok(ExportObject::of((export, ExportStatus::Pending)))
        })
        .await?;
    let location = format!("{PATH}/{}", export.id);
    Ok(HttpResponse::build(StatusCode::ACCEPTED).insert_header((LOCATION, location)).json(export))
}

/// Read an export
///
/// How far it is.
#[utoipa::path(
    get, path = "/api/v1/account/exports/{id}", operation_id = "account_get_export", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(
        ("id" = String, Path, description = "Id of the export.", example = "445301278613505"),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has."),
    ),
    responses(
        (status = 200, description = "The export.", body = ExportObject, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
        Fails<UNKNOWN_EXPORT>,
    ),
)]
pub(super) async fn read(call: Call, id: Path<String>) -> HandlerResult {
    let export = call
        .run(Lane::Reading, move |core, sender| {
            let caller = sender.authenticate(core)?;
            let export = ReadExport { id: parse(&id)? }.execute(core, &caller)?;
            Ok(ExportObject::of(export.ok_or(UNKNOWN_EXPORT)?))
        })
        .await?;
    call.respond_with_tag(&export)
}

/// Download the archive of an export
///
/// Needs a recent proof of who is there. A ZIP file; its `manifest.json` lists the others, and `manifest.jws` signs it.
#[utoipa::path(
    get, path = "/api/v1/account/exports/{id}/archive", operation_id = "account_download_export", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the export.", example = "445301278613505")),
    responses(
        (status = 200, description = "The archive.", content((String = "application/zip", example = "…")),
            headers(("Content-Disposition" = String, description = "`attachment`, with a name for the file."))),
        Fails<(UNKNOWN_EXPORT, EXPORT_NOT_READY, EXPORT_EXPIRED, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER,
            RateLimited)>,
    ),
)]
pub(super) async fn download(call: Call, id: Path<String>) -> HandlerResult {
    let opened = call
        .run(Lane::Writing, move |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(DownloadExport { id: parse(&id)?, context: sender.context }.execute(core, &caller)?)
        })
        .await?;
    let OpenedArchive { ready, first } = opened;
    respond(&ready, parts(call, ready.archive.clone(), first))
}

/// The head of a download, which is none: nothing is recorded.
async fn describe(call: Call, id: Path<String>) -> HandlerResult {
    let ready = call
        .run(Lane::Reading, move |core, sender| {
            let caller = sender.authenticate(core)?;
            Ok(DescribeArchive { id: parse(&id)? }.execute(core, &caller)?)
        })
        .await?;
    respond(&ready, stream::empty::<Result<Bytes, actix_web::Error>>())
}

fn respond(
    ready: &ReadyArchive,
    content: impl Stream<Item = Result<Bytes, actix_web::Error>> + 'static,
) -> HandlerResult {
    let name = format!("attachment; filename=\"account-{}.zip\"", ready.made_at.format("%F"));
    let bytes = u64::try_from(ready.archive.bytes).map_err(ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/zip"))
        .insert_header((CONTENT_DISPOSITION, name))
        .body(SizedStream::new(bytes, content)))
}

/// The parts of an archive, each read when the client has taken the one before it. If one cannot be read, the connection
/// ends before the length that was announced.
fn parts(call: Call, archive: Archive, first: Vec<u8>) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    stream::try_unfold((call, archive, Some(first), 0), |(call, archive, first, number)| async move {
        if number == archive.parts {
            return Ok(None);
        }
        let part = match first {
            Some(first) => first,
            None => {
                let read = ReadPart { archive: archive.name.clone(), number };
                call.run(Lane::Reading, move |core, _sender| Ok(read.execute(core)?)).await?
            }
        };
        Ok(Some((Bytes::from(part), (call, archive, None, number + 1))))
    })
}

/// Remove an export
///
/// Its archive is deleted. One that is being made is stopped.
#[utoipa::path(
    delete, path = "/api/v1/account/exports/{id}", operation_id = "account_remove_export", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the export.", example = "445301278613505")),
    responses((status = 204, description = "The export is removed."), Fails<UNKNOWN_EXPORT>),
)]
pub(super) async fn remove(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(RemoveExport { id: parse(&id)?, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
