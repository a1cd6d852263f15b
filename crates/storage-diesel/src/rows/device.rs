//! Rows of remembered devices.

use diesel::prelude::*;
use selfsame_domain::{Device, DeviceId, TokenHash, UserId, id::Id as _};

use crate::{schema::devices, sql_types::At};

/// A row of `devices`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = devices, treat_none_as_default_value = false)]
pub(crate) struct DeviceRow {
    id: i64,
    user_id: i64,
    token_hash: Vec<u8>,
    credential_epoch: i64,
    name: Option<String>,
    ip: Option<String>,
    user_agent: Option<String>,
    created_at: At,
    activated_at: Option<At>,
    last_used_at: At,
    expires_at: At,
}

impl DeviceRow {
    pub(crate) fn new(device: &Device, token: &TokenHash) -> Self {
        Self {
            id: device.id.number(),
            user_id: device.user_id.number(),
            token_hash: token.0.to_vec(),
            credential_epoch: device.credential_epoch,
            name: device.name.clone(),
            ip: device.ip.clone(),
            user_agent: device.user_agent.clone(),
            created_at: At(device.created_at),
            activated_at: device.activated_at.map(At),
            last_used_at: At(device.last_used_at),
            expires_at: At(device.expires_at),
        }
    }
}

impl From<DeviceRow> for Device {
    fn from(row: DeviceRow) -> Self {
        Self {
            id: DeviceId::from_number(row.id),
            user_id: UserId::from_number(row.user_id),
            credential_epoch: row.credential_epoch,
            name: row.name,
            ip: row.ip,
            user_agent: row.user_agent,
            created_at: row.created_at.0,
            activated_at: row.activated_at.map(|at| at.0),
            last_used_at: row.last_used_at.0,
            expires_at: row.expires_at.0,
        }
    }
}
