//! Rows of the outbox.

use selfsame_domain::{OutboxId, id::Id as _};
use selfsame_ports::{ChannelStatus, Lease, Leased, OutboxMessage, OutboxRow};

use crate::{schema::outbox, sql_types::At};

/// The columns of a row that the worker reads.
pub(crate) type Waiting = (i64, Option<String>, Vec<u8>, At, At, i32, At);
/// The columns of a row that the operator sees.
pub(crate) type Listed = (i64, String, Vec<u8>, At, At, At, i32, Option<At>, Option<String>);

pub(crate) const LISTED: (
    outbox::id,
    outbox::channel,
    outbox::sealed,
    outbox::created_at,
    outbox::due_at,
    outbox::expires_at,
    outbox::attempts,
    outbox::dead_at,
    outbox::last_error,
) = (
    outbox::id,
    outbox::channel,
    outbox::sealed,
    outbox::created_at,
    outbox::due_at,
    outbox::expires_at,
    outbox::attempts,
    outbox::dead_at,
    outbox::last_error,
);

pub(crate) fn by_channel(waiting: Vec<(String, i64, Option<At>)>, dead: Vec<(String, i64)>) -> Vec<ChannelStatus> {
    let status = |(channel, waiting, oldest): (String, i64, Option<At>)| ChannelStatus {
        channel,
        waiting,
        dead: 0,
        oldest_due_at: oldest.map(|oldest| oldest.0),
    };
    let mut channels: Vec<ChannelStatus> = waiting.into_iter().map(status).collect();
    for (channel, dead) in dead {
        match channels.iter_mut().find(|known| known.channel == channel) {
            Some(known) => known.dead = dead,
            None => channels.push(ChannelStatus { channel, dead, ..ChannelStatus::default() }),
        }
    }
    channels
}

pub(crate) fn leased_row(lease: &Lease, (id, locale, sealed, created_at, expires_at, attempts, _): Waiting) -> Leased {
    let message = OutboxMessage {
        id: OutboxId::from_number(id),
        channel: lease.channel.clone(),
        locale,
        sealed,
        created_at: created_at.0,
        expires_at: expires_at.0,
        attempts,
    };
    Leased { message, token: lease.token }
}

pub(crate) fn listed_row(row: Listed) -> OutboxRow {
    let (id, channel, sealed, created_at, due_at, expires_at, attempts, dead_at, last_error) = row;
    OutboxRow {
        id: OutboxId::from_number(id),
        channel,
        sealed,
        created_at: created_at.0,
        due_at: due_at.0,
        expires_at: expires_at.0,
        attempts,
        dead_at: dead_at.map(|at| at.0),
        last_error,
    }
}
