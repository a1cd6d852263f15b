-- Messages and jobs that wait to leave, sealed: codes and links are secrets, also in a backup. Which channels there are is
-- the code's to know: a server leaves alone what it does not.
CREATE TABLE outbox (
    id           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    channel      text NOT NULL,
    locale       text,
    sealed       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    attempts     integer NOT NULL CHECK (attempts >= 0),
    due_at       timestamptz NOT NULL,
    -- Fencing: whoever ends a lease must show the token that it was made with.
    lease_token  bigint,
    leased_until timestamptz,
    dead_at      timestamptz,
    last_error   text
);
-- Channel, and dead_at in the first, are there for the counts of the status, which read the indexes alone.
CREATE INDEX outbox_due ON outbox (due_at, id, channel, dead_at) WHERE dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (dead_at, id, channel) WHERE dead_at IS NOT NULL;
