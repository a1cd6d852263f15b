-- Events that other services were told of, sealed, for a replay. They are kept for some days. The id tells when the event
-- was. It refers to no account, because the event that an account is gone outlives it.
CREATE TABLE webhook_events (
    id      INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id INTEGER NOT NULL,
    sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX webhook_events_user ON webhook_events (user_id);
