-- Browser sessions, the sign-ins they hold (or that stand alone, for clients with tokens), and chains of refresh tokens.
CREATE TABLE sessions (
    id                bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    token_hash        bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    active_sign_in_id bigint,
    created_at        timestamptz NOT NULL,
    last_seen_at      timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL
);
CREATE INDEX sessions_active_sign_in ON sessions (active_sign_in_id) WHERE active_sign_in_id IS NOT NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE sign_ins (
    id             bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    session_id     bigint REFERENCES sessions (id) ON DELETE CASCADE,
    user_id        bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at     timestamptz NOT NULL,
    last_active_at timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    ip             text,
    user_agent     text
);
CREATE INDEX sign_ins_session ON sign_ins (session_id);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_expiry ON sign_ins (expires_at);
CREATE INDEX sign_ins_end ON sign_ins (ended_at) WHERE ended_at IS NOT NULL;

-- Deferred: a session and its first sign-in name each other.
ALTER TABLE sessions ADD CONSTRAINT sessions_active_sign_in FOREIGN KEY (active_sign_in_id)
    REFERENCES sign_ins (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE refresh_tokens (
    id         bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    sign_in_id bigint NOT NULL REFERENCES sign_ins (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz
);
CREATE INDEX refresh_tokens_sign_in ON refresh_tokens (sign_in_id);
