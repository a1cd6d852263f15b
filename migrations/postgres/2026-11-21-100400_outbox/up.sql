-- Mail that waits to be sent, sealed: codes and links are secrets, also in a backup.
CREATE TABLE outbox (
    id           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    sealed       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    attempts     integer NOT NULL CHECK (attempts >= 0),
    due_at       timestamptz NOT NULL,
    leased_until timestamptz,
    dead_at      timestamptz,
    last_error   text
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at) WHERE dead_at IS NOT NULL;
