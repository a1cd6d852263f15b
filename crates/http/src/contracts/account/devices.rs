//! `/api/v1/account/devices`: remembered devices, which need no second factor for a while.

use actix_web::{
    HttpResponse,
    http::header::LOCATION,
    web::{Path, Payload},
};
use selfsame_application::{
    Caller, Core,
    devices::{
        forget::{ForgetDevice, ForgetDeviceError, ForgetDevices},
        list::{Devices, ListDevices},
        remember::{RememberDevice, RememberedDevice},
    },
};
use selfsame_domain::{Device, DeviceId, UserAgent};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    reasons::{NO_SECOND_FACTOR, STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, UNKNOWN_DEVICE},
    sign_ins::PlaceObject,
};
use crate::{Lane, body::Members, call::HandlerResult, cookies::device_cookie, document::RateLimited, time::timestamp};

/// The remembered devices of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Devices)]
struct DeviceList {
    /// The most recently used first.
    devices: Vec<DeviceObject>,
}

/// A browser or an application that needs no second factor for a while.
#[derive(Serialize, ToSchema)]
#[schema(as = account::Device)]
struct DeviceObject {
    #[schema(example = "445301278613502")]
    id: String,
    /// Whether this request came from it.
    #[schema(example = true)]
    current: bool,
    #[schema(required, example = "Work laptop", max_length = 64)]
    name: Option<String>,
    /// The address of its last use.
    #[schema(required, example = "192.0.2.7")]
    ip: Option<String>,
    /// Where that address is; `null` if it is not known.
    #[schema(required)]
    place: Option<PlaceObject>,
    #[schema(
        required,
        example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        max_length = 512
    )]
    user_agent: Option<String>,
    #[schema(required, example = "Firefox")]
    browser: Option<&'static str>,
    #[schema(required, example = "Linux")]
    system: Option<&'static str>,
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    created_at: String,
    /// The time of the last sign-in with it.
    #[schema(format = DateTime, example = "2026-03-14T15:09:26.535Z")]
    last_used_at: String,
    #[schema(format = DateTime, example = "2026-04-13T15:09:26.535Z")]
    expires_at: String,
}

/// A device that was just remembered.
#[derive(Serialize, ToSchema)]
#[schema(as = account::NewDevice)]
struct NewDeviceObject {
    #[serde(flatten)]
    device: DeviceObject,
    /// For `X-Device-Token` of later sign-ins; shown once. A client with a cookie gets a cookie in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    device_token: Option<String>,
}

/// The device of this request.
#[derive(ToSchema)]
#[schema(as = account::RememberDevice)]
struct RememberForm {
    #[schema(example = "Work laptop", max_length = 64)]
    name: Option<String>,
}

impl RememberForm {
    fn read(members: &mut Members<'_>) -> Self {
        let form = Self { name: members.optional_text("name") };
        members.reject_unknown(&["name"]);
        form
    }
}

impl DeviceObject {
    fn of(device: Device, current: Option<DeviceId>, caller: &Caller, core: &Core) -> Self {
        let client = UserAgent::of(device.user_agent.as_deref().unwrap_or_default());
        Self {
            id: device.id.to_string(),
            current: Some(device.id) == current,
            name: device.name,
            place: PlaceObject::of(core, device.ip.as_deref(), &caller.user),
            browser: client.browser,
            system: client.system,
            created_at: timestamp(device.created_at),
            last_used_at: timestamp(device.last_used_at),
            expires_at: timestamp(device.expires_at),
            ip: device.ip,
            user_agent: device.user_agent,
        }
    }
}

/// List the remembered devices
///
/// The browsers and applications that need no second factor at their next sign-in.
#[utoipa::path(
    get, path = "/api/v1/account/devices", operation_id = "account_list_devices", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The entity tag that the client has.")),
    responses(
        (status = 200, description = "The devices.", body = DeviceList, headers(("ETag" = String))),
        (status = 304, description = "It matches `If-None-Match`."),
    ),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let devices = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let Devices { devices, current } = ListDevices.execute(core, &caller, sender.context.device.as_ref())?;
            Ok(devices.into_iter().map(|device| DeviceObject::of(device, current, &caller, core)).collect())
        })
        .await?;
    call.respond_with_tag(&DeviceList { devices })
}

/// Remember this device
///
/// After a sign-in with a second factor. The client then needs none at its next sign-ins, until the device expires or is
/// forgotten, a password or factor changes, or all other sign-ins are ended.
#[utoipa::path(
    post, path = "/api/v1/account/devices", operation_id = "account_remember_device", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    request_body = RememberForm,
    responses(
        (status = 201, description = "The device is remembered.", body = NewDeviceObject, headers(
            ("Location" = String, description = "The device."),
            ("Set-Cookie" = String, description = "The cookie of the device, for a client with a session cookie."),
        )),
        Fails<(STEP_UP_REQUIRED, STEP_UP_REQUIRED_IN_BROWSER, NO_SECOND_FACTOR, RateLimited)>,
    ),
)]
pub(super) async fn remember(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let (device, token, is_browser) = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let RememberForm { name } = body?.read(RememberForm::read)?;
            let remembered = RememberDevice { name, context: sender.context }.execute(core, &caller)?;
            let RememberedDevice { device, token } = remembered;
            let current = Some(device.id);
            Ok((DeviceObject::of(device, current, &caller, core), token, caller.session.is_some()))
        })
        .await?;
    let location = format!("/api/v1/account/devices/{}", device.id);
    let device_token = (!is_browser).then(|| token.expose().to_owned());
    let mut response =
        HttpResponse::Created().insert_header((LOCATION, location)).json(NewDeviceObject { device, device_token });
    if is_browser {
        let max_age = call.services().core.policy.device_ttl.to_std().unwrap_or_default();
        response.add_cookie(&device_cookie(call.options().cookie, &token, max_age))?;
    }
    Ok(response)
}

/// Forget a device
///
/// It needs a second factor at its next sign-in. Its sign-ins stay.
#[utoipa::path(
    delete, path = "/api/v1/account/devices/{id}", operation_id = "account_forget_device", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    params(("id" = String, Path, description = "Id of the device.", example = "445301278613502")),
    responses((status = 204, description = "The device is forgotten."), Fails<UNKNOWN_DEVICE>),
)]
pub(super) async fn forget(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| ForgetDeviceError::UnknownDevice)?;
        Ok(ForgetDevice { id, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Forget all devices
#[utoipa::path(
    delete, path = "/api/v1/account/devices", operation_id = "account_forget_devices", tag = "account",
    security(("session_id" = []), ("bearer" = [])),
    responses((status = 204, description = "The devices are forgotten.")),
)]
pub(super) async fn forget_all(call: Call) -> HandlerResult {
    call.run(Lane::Database, |core, sender| {
        let caller = sender.authenticate(core)?;
        Ok(ForgetDevices { context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
