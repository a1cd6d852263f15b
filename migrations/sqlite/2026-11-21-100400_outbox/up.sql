-- Mail that waits to be sent, sealed: codes and links are secrets, also in a backup.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    sealed       BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    due_at       TEXT NOT NULL,
    leased_until TEXT,
    dead_at      TEXT,
    last_error   TEXT
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
