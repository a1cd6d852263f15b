//! `/api/v1/devices`: remembered devices, which need no second factor for a while.

use actix_web::web::{Path, Payload};
use selfsame_application::devices::{
    activate::ActivateDevice,
    forget::{ForgetDevice, ForgetDeviceError},
    list::ListDevices,
    remember::RememberedDevice,
};
use selfsame_domain::{Device, id::Id as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Call, Fails,
    envelope::{Success, ok},
    reasons::{DEVICE_NOT_FOUND, INVALID_ACTIVATION_TOKEN},
};
use crate::{Lane, body::Members, call::HandlerResult, document::RateLimited, time::timestamp};

/// The remembered devices of an account.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Devices)]
struct DeviceList {
    /// The most recently used first.
    devices: Vec<DeviceObject>,
    #[schema(example = 1)]
    total_count: usize,
}

/// One remembered device.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::Device)]
struct DeviceObject {
    #[schema(example = 125)]
    id: i64,
    #[schema(example = "Work laptop", required)]
    device_name: Option<String>,
    /// Always `null`: a device is known by a secret, not by what its client tells about itself.
    #[schema(example = json!(null), required)]
    device_fingerprint: Option<String>,
    #[schema(example = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", required)]
    user_agent: Option<String>,
    #[schema(example = "192.0.2.7", required)]
    ip_address: Option<String>,
    /// Always `true`: others are not listed.
    #[schema(example = true)]
    is_active: bool,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    created_at: String,
    #[schema(example = "2024-01-01T12:00:00.000Z", format = DateTime)]
    last_used_at: String,
}

/// A device that was just activated.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::ActivatedDevice)]
struct ActivatedDevice {
    device: DeviceObject,
    /// For the header `X-Device-Token` of later calls of `/login`; shown once.
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4")]
    device_token: String,
    #[schema(example = "2024-01-31T12:00:00.000Z", format = DateTime)]
    expires_at: String,
}

/// The result of a revocation.
#[derive(Serialize, ToSchema)]
#[schema(as = rivergen::DeviceRevoked)]
struct DeviceRevoked {
    /// Always `true`.
    #[schema(example = true)]
    success: bool,
}

/// The token that was offered with the second factor.
#[derive(ToSchema)]
#[schema(as = rivergen::ActivateDeviceRequest)]
struct ActivateDeviceRequest {
    #[schema(example = "m0Kf5T3lqS1c9b2Zr7uYx8wVnAeGhJkLpQdRtWzXyB4", min_length = 43, max_length = 43)]
    activation_token: String,
}

impl ActivateDeviceRequest {
    fn read(members: &mut Members<'_>) -> Self {
        Self { activation_token: members.required_text("activation_token") }
    }
}

impl DeviceObject {
    fn of(device: Device) -> Self {
        Self {
            id: device.id.number(),
            device_fingerprint: None,
            is_active: device.activated_at.is_some(),
            created_at: timestamp(device.created_at),
            last_used_at: timestamp(device.last_used_at),
            device_name: device.name,
            user_agent: device.user_agent,
            ip_address: device.ip,
        }
    }
}

/// List the devices
///
/// The browsers and applications that need no second factor at their next sign-in.
#[utoipa::path(
    get, path = "/api/v1/devices", operation_id = "rivergen_list_devices", tag = "rivergen",
    security(("bearer" = [])),
    responses((status = 200, description = "The devices.", body = Success<DeviceList>)),
)]
pub(super) async fn list(call: Call) -> HandlerResult {
    let devices = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let listed = ListDevices.execute(core, &caller, sender.context.device.as_ref())?;
            Ok(listed.devices.into_iter().map(DeviceObject::of).collect::<Vec<_>>())
        })
        .await?;
    Ok(ok(DeviceList { total_count: devices.len(), devices }, "Devices retrieved successfully"))
}

/// Activate a device
///
/// Accepts the offer that came with the second factor, within five minutes. The device then needs no second factor at its
/// next sign-ins.
#[utoipa::path(
    post, path = "/api/v1/devices/activate", operation_id = "rivergen_activate_device", tag = "rivergen",
    security(("bearer" = [])),
    request_body = ActivateDeviceRequest,
    responses(
        (status = 200, description = "The device is active.", body = Success<ActivatedDevice>),
        Fails<(INVALID_ACTIVATION_TOKEN, RateLimited)>,
    ),
)]
pub(super) async fn activate(call: Call, payload: Payload) -> HandlerResult {
    call.require_credential()?;
    let body = call.try_body(payload).await;
    let activated = call
        .run(Lane::Database, |core, sender| {
            let caller = sender.authenticate(core)?;
            let ActivateDeviceRequest { activation_token: token } = body?.read(ActivateDeviceRequest::read)?;
            let activated = ActivateDevice { token, context: sender.context }.execute(core, &caller)?;
            let RememberedDevice { device, token } = activated;
            Ok(ActivatedDevice {
                device_token: token.expose().to_owned(),
                expires_at: timestamp(device.expires_at),
                device: DeviceObject::of(device),
            })
        })
        .await?;
    Ok(ok(activated, "Device activated successfully"))
}

/// Revoke a device
///
/// It needs a second factor at its next sign-in.
#[utoipa::path(
    delete, path = "/api/v1/devices/{device_id}", operation_id = "rivergen_revoke_device", tag = "rivergen",
    security(("bearer" = [])),
    params(("device_id" = i64, Path, description = "Id of the device.", example = 125)),
    responses(
        (status = 200, description = "The device is revoked.", body = Success<DeviceRevoked>),
        Fails<DEVICE_NOT_FOUND>,
    ),
)]
pub(super) async fn revoke(call: Call, id: Path<String>) -> HandlerResult {
    call.run(Lane::Database, move |core, sender| {
        let caller = sender.authenticate(core)?;
        let id = id.parse().map_err(|_unreadable| ForgetDeviceError::UnknownDevice)?;
        Ok(ForgetDevice { id, context: sender.context }.execute(core, &caller)?)
    })
    .await?;
    Ok(ok(DeviceRevoked { success: true }, "Device revoked successfully"))
}
