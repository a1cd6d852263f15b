//! Rows of authenticator apps.

use diesel::prelude::*;
use selfsame_domain::{PendingTotp, SignInId, Totp, UserId, id::Id as _};

use crate::{
    schema::{pending_totps, totps},
    sql_types::At,
};

/// A row of `totps`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = totps)]
pub(crate) struct TotpRow {
    pub(crate) user_id: i64,
    pub(crate) sealed: Vec<u8>,
    pub(crate) last_step: i64,
    pub(crate) created_at: At,
}

/// A row of `pending_totps`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = pending_totps)]
pub(crate) struct PendingTotpRow {
    user_id: i64,
    sign_in_id: i64,
    sealed: Vec<u8>,
    created_at: At,
}

impl From<TotpRow> for Totp {
    fn from(row: TotpRow) -> Self {
        Self {
            user_id: UserId::from_number(row.user_id),
            sealed: row.sealed,
            last_step: row.last_step,
            created_at: row.created_at.0,
        }
    }
}

impl From<&Totp> for TotpRow {
    fn from(totp: &Totp) -> Self {
        Self {
            user_id: totp.user_id.number(),
            sealed: totp.sealed.clone(),
            last_step: totp.last_step,
            created_at: At(totp.created_at),
        }
    }
}

impl From<&PendingTotp> for PendingTotpRow {
    fn from(pending: &PendingTotp) -> Self {
        Self {
            user_id: pending.user_id.number(),
            sign_in_id: pending.sign_in_id.number(),
            sealed: pending.sealed.clone(),
            created_at: At(pending.created_at),
        }
    }
}

impl From<PendingTotpRow> for PendingTotp {
    fn from(row: PendingTotpRow) -> Self {
        Self {
            user_id: UserId::from_number(row.user_id),
            sign_in_id: SignInId::from_number(row.sign_in_id),
            sealed: row.sealed,
            created_at: row.created_at.0,
        }
    }
}
