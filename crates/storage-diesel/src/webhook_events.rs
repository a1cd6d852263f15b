//! [`WebhookEvents`].

use diesel::prelude::*;
use selfsame_domain::{UserId, WebhookEventId, id::Id as _};
use selfsame_ports::{StorageError, WebhookEvent, WebhookEvents};

use crate::{locking::LockDsl as _, prepared::prepared, schema::webhook_events, unit::Unit};

/// A row of `webhook_events`.
type Row = (i64, i64, Vec<u8>);

fn event((id, user_id, sealed): Row) -> WebhookEvent {
    WebhookEvent { id: WebhookEventId::from_number(id), user_id: UserId::from_number(user_id), sealed }
}

impl WebhookEvents for Unit {
    fn insert(&mut self, event: &WebhookEvent) -> Result<(), StorageError> {
        let row = (
            webhook_events::id.eq(event.id.number()),
            webhook_events::user_id.eq(event.user_id.number()),
            webhook_events::sealed.eq(&event.sealed),
        );
        let insert = diesel::insert_into(webhook_events::table).values(row);
        self.run(|connection| prepared!(insert).execute(connection)).map(drop)
    }

    fn find(&mut self, id: WebhookEventId) -> Result<Option<WebhookEvent>, StorageError> {
        let row = webhook_events::table.find(id.number());
        let row: Option<Row> = self.run(|connection| prepared!(row).get_result(connection).optional())?;
        Ok(row.map(event))
    }

    fn page(&mut self, after: WebhookEventId, limit: i64) -> Result<Vec<WebhookEvent>, StorageError> {
        let page =
            webhook_events::table.filter(webhook_events::id.gt(after.number())).order(webhook_events::id).limit(limit);
        let rows: Vec<Row> = self.run(|connection| prepared!(page).load(connection))?;
        Ok(rows.into_iter().map(event).collect())
    }

    fn erase(&mut self, user: UserId) -> Result<usize, StorageError> {
        let erased = diesel::delete(webhook_events::table.filter(webhook_events::user_id.eq(user.number())));
        self.run(|connection| prepared!(erased).execute(connection))
    }

    /// Events that another purge has locked are skipped.
    fn purge(&mut self, before: WebhookEventId, limit: i64) -> Result<usize, StorageError> {
        let old = webhook_events::table
            .filter(webhook_events::id.lt(before.number()))
            .order(webhook_events::id)
            .limit(limit)
            .select(webhook_events::id)
            .locked_unless_held();
        let ids: Vec<i64> = self.run(|connection| prepared!(old).load(connection))?;
        if ids.is_empty() {
            return Ok(0);
        }
        let purged = diesel::delete(webhook_events::table.filter(webhook_events::id.eq_any(ids)));
        self.run(|connection| purged.execute(connection))
    }
}
