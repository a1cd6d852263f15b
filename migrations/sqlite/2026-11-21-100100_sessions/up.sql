-- Browser sessions, and the sign-ins they hold (or that stand alone, for clients with tokens).
CREATE TABLE sessions (
    id           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    token_hash   BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at   TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    expires_at   TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE sign_ins (
    id                 INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    session_id         INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
    user_id            INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at         TEXT NOT NULL,
    authenticated_at   TEXT NOT NULL,
    methods            TEXT NOT NULL,
    -- Of the sign-ins of a session, the one with the latest is active.
    activated_at       TEXT,
    -- The refresh tokens: the hash of what all of one chain share, and which of them is good.
    refresh_hash       BLOB CHECK (length(refresh_hash) = 32),
    refresh_generation INTEGER CHECK (refresh_generation >= 0),
    refreshed_at       TEXT,
    last_active_at     TEXT NOT NULL,
    expires_at         TEXT NOT NULL,
    ended_at           TEXT,
    ip                 TEXT,
    user_agent         TEXT,
    CHECK ((refresh_hash IS NULL) = (refresh_generation IS NULL)),
    CHECK ((refresh_hash IS NULL) = (refreshed_at IS NULL))
) STRICT;
CREATE INDEX sign_ins_session ON sign_ins (session_id, activated_at);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);
CREATE INDEX sign_ins_end ON sign_ins (ended_at) WHERE ended_at IS NOT NULL;
