-- Sign-ups and sign-ins under way, and the mailed proofs they and others wait for.
CREATE TABLE attempts (
    id           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    kind         text NOT NULL CHECK (kind IN ('sign_up', 'sign_in')),
    session_id   bigint REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash   bytea UNIQUE CHECK (length(token_hash) = 32),
    user_id      bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email        text NOT NULL,
    method       text CHECK (method IN ('email_password', 'username_password')),
    form         jsonb NOT NULL CHECK (jsonb_typeof(form) = 'object'),
    step         text CHECK (step IN ('verify_email')),
    sign_in_id   bigint REFERENCES sign_ins (id) ON DELETE SET NULL,
    completed_at timestamptz,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX attempts_session ON attempts (session_id);
CREATE INDEX attempts_user ON attempts (user_id);
CREATE INDEX attempts_sign_in ON attempts (sign_in_id);
CREATE INDEX attempts_expiry ON attempts (expires_at);

CREATE TABLE challenges (
    id              bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    purpose         text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
    user_id         bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- A proof of an address that the account has dropped proves nothing.
    identifier_id   bigint REFERENCES identifiers (id) ON DELETE CASCADE,
    address         text NOT NULL,
    attempt_id      bigint REFERENCES attempts (id) ON DELETE CASCADE,
    code_mac        bytea CHECK (length(code_mac) = 32),
    code_expires_at timestamptz NOT NULL,
    link_hash       bytea UNIQUE CHECK (length(link_hash) = 32),
    link_expires_at timestamptz NOT NULL,
    tries           integer NOT NULL CHECK (tries >= 0),
    created_at      timestamptz NOT NULL,
    consumed_at     timestamptz,
    voided_at       timestamptz
);
CREATE UNIQUE INDEX challenges_live ON challenges (user_id, purpose) WHERE consumed_at IS NULL AND voided_at IS NULL;
CREATE INDEX challenges_user ON challenges (user_id);
CREATE INDEX challenges_identifier ON challenges (identifier_id);
CREATE INDEX challenges_attempt ON challenges (attempt_id);
CREATE INDEX challenges_age ON challenges (created_at);
