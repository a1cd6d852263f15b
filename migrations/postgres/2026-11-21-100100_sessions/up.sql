-- Browser sessions, and the sign-ins they hold (or that stand alone, for clients with tokens).
CREATE TABLE sessions (
    id           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at   timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE sign_ins (
    id                 bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    session_id         bigint REFERENCES sessions (id) ON DELETE CASCADE,
    user_id            bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at         timestamptz NOT NULL,
    authenticated_at   timestamptz NOT NULL,
    methods            text NOT NULL,
    -- Of the sign-ins of a session, the one with the latest is active.
    activated_at       timestamptz,
    -- The refresh tokens: the hash of what all of one chain share, and which of them is good.
    refresh_hash       bytea CHECK (length(refresh_hash) = 32),
    refresh_generation bigint CHECK (refresh_generation >= 0),
    refreshed_at       timestamptz,
    last_active_at     timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    ended_at           timestamptz,
    ip                 text,
    user_agent         text,
    CHECK ((refresh_hash IS NULL) = (refresh_generation IS NULL)),
    CHECK ((refresh_hash IS NULL) = (refreshed_at IS NULL))
);
CREATE INDEX sign_ins_session ON sign_ins (session_id, activated_at);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);
CREATE INDEX sign_ins_end ON sign_ins (ended_at) WHERE ended_at IS NOT NULL;
