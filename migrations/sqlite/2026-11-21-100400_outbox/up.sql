-- Messages and jobs that wait to leave, sealed: codes and links are secrets, also in a backup. Which channels there are is
-- the code's to know: a server leaves alone what it does not.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    channel      TEXT NOT NULL,
    locale       TEXT,
    sealed       BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL,
    attempts     INTEGER NOT NULL CHECK (attempts >= 0),
    due_at       TEXT NOT NULL,
    -- Fencing: whoever ends a lease must show the token that it was made with.
    lease_token  INTEGER,
    leased_until TEXT,
    dead_at      TEXT,
    last_error   TEXT
) STRICT;
-- Channel, and dead_at in the first, are there for the counts of the status, which read the indexes alone.
CREATE INDEX outbox_due ON outbox (due_at, id, channel, dead_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at, id, channel) WHERE dead_at IS NOT NULL;
