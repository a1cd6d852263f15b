-- Sign-ups and sign-ins under way, and the mailed proofs they and others wait for.
CREATE TABLE attempts (
    id           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    kind         TEXT NOT NULL CHECK (kind IN ('sign_up', 'sign_in')),
    session_id   INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash   BLOB UNIQUE CHECK (length(token_hash) = 32),
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    email        TEXT NOT NULL,
    method       TEXT CHECK (method IN ('email_password', 'username_password')),
    form         TEXT NOT NULL CHECK (json_type(form) = 'object'),
    step         TEXT CHECK (step IN ('verify_email')),
    sign_in_id   INTEGER REFERENCES sign_ins (id) ON DELETE SET NULL,
    completed_at TEXT,
    created_at   TEXT NOT NULL,
    expires_at   TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_session ON attempts (session_id);
CREATE INDEX attempts_user ON attempts (user_id);
CREATE INDEX attempts_sign_in ON attempts (sign_in_id);
CREATE INDEX attempts_expiry ON attempts (expires_at);

CREATE TABLE challenges (
    id              INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    purpose         TEXT NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'change_email')),
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- A proof of an address that the account has dropped proves nothing.
    identifier_id   INTEGER REFERENCES identifiers (id) ON DELETE CASCADE,
    address         TEXT NOT NULL,
    attempt_id      INTEGER REFERENCES attempts (id) ON DELETE CASCADE,
    code_mac        BLOB CHECK (length(code_mac) = 32),
    code_expires_at TEXT NOT NULL,
    link_hash       BLOB UNIQUE CHECK (length(link_hash) = 32),
    link_expires_at TEXT NOT NULL,
    tries           INTEGER NOT NULL CHECK (tries >= 0),
    created_at      TEXT NOT NULL,
    consumed_at     TEXT,
    voided_at       TEXT
) STRICT;
CREATE UNIQUE INDEX challenges_live ON challenges (user_id, purpose) WHERE consumed_at IS NULL AND voided_at IS NULL;
CREATE INDEX challenges_user ON challenges (user_id);
CREATE INDEX challenges_identifier ON challenges (identifier_id);
CREATE INDEX challenges_attempt ON challenges (attempt_id);
CREATE INDEX challenges_age ON challenges (created_at);
