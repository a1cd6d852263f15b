-- What somebody is in the middle of proving: sign-ups and sign-ins under way, mailed proofs, one-time tickets.
CREATE TABLE attempts (
    id               bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    kind             text NOT NULL,
    session_id       bigint REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash       bytea UNIQUE CHECK (length(token_hash) = 32),
    user_id          bigint REFERENCES users (id) ON DELETE CASCADE,
    credential_epoch bigint NOT NULL,
    email            text,
    method           text,
    form             jsonb NOT NULL CHECK (jsonb_typeof(form) = 'object'),
    required         text NOT NULL,
    satisfied        text NOT NULL,
    sealed           bytea,
    sign_in_id       bigint REFERENCES sign_ins (id) ON DELETE SET NULL,
    completed_at     timestamptz,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL
);
CREATE INDEX attempts_session ON attempts (session_id);
CREATE INDEX attempts_user ON attempts (user_id);
CREATE INDEX attempts_sign_in ON attempts (sign_in_id);
CREATE INDEX attempts_expiry ON attempts (expires_at);

CREATE TABLE challenges (
    id              bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    purpose         text NOT NULL,
    user_id         bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- A proof of an address that the account has dropped proves nothing.
    identifier_id   bigint REFERENCES identifiers (id) ON DELETE CASCADE,
    target          text NOT NULL,
    address         text NOT NULL,
    attempt_id      bigint REFERENCES attempts (id) ON DELETE CASCADE,
    code_mac        bytea CHECK (length(code_mac) = 32),
    code_expires_at timestamptz NOT NULL,
    link_hash       bytea CHECK (length(link_hash) = 32),
    link_expires_at timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    consumed_at     timestamptz,
    voided_at       timestamptz,
    CONSTRAINT challenges_link UNIQUE (user_id, link_hash)
);
CREATE UNIQUE INDEX challenges_live ON challenges (user_id, purpose, target)
    WHERE consumed_at IS NULL AND voided_at IS NULL;
CREATE INDEX challenges_identifier ON challenges (identifier_id);
CREATE INDEX challenges_attempt ON challenges (attempt_id);
CREATE INDEX challenges_age ON challenges (created_at);

CREATE TABLE tickets (
    hash        bytea PRIMARY KEY CHECK (length(hash) = 32),
    kind        text NOT NULL,
    user_id     bigint REFERENCES users (id) ON DELETE CASCADE,
    bound_to    text,
    sealed      bytea,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    consumed_at timestamptz,
    voided_at   timestamptz
);
CREATE INDEX tickets_user ON tickets (user_id);
CREATE INDEX tickets_expiry ON tickets (expires_at);
