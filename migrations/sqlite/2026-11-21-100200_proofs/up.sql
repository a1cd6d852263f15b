-- What somebody is in the middle of proving: sign-ups and sign-ins under way, mailed proofs, one-time tickets.
CREATE TABLE attempts (
    id               INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    kind             TEXT NOT NULL,
    session_id       INTEGER REFERENCES sessions (id) ON DELETE CASCADE,
    token_hash       BLOB UNIQUE CHECK (length(token_hash) = 32),
    user_id          INTEGER REFERENCES users (id) ON DELETE CASCADE,
    credential_epoch INTEGER NOT NULL,
    email            TEXT,
    method           TEXT,
    form             TEXT NOT NULL CHECK (json_type(form) = 'object'),
    required         TEXT NOT NULL,
    satisfied        TEXT NOT NULL,
    sealed           BLOB,
    sign_in_id       INTEGER REFERENCES sign_ins (id) ON DELETE SET NULL,
    completed_at     TEXT,
    created_at       TEXT NOT NULL,
    expires_at       TEXT NOT NULL
) STRICT;
CREATE INDEX attempts_session ON attempts (session_id);
CREATE INDEX attempts_user ON attempts (user_id);
CREATE INDEX attempts_sign_in ON attempts (sign_in_id);
CREATE INDEX attempts_expiry ON attempts (expires_at);

CREATE TABLE challenges (
    id              INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    purpose         TEXT NOT NULL,
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- A proof of an address that the account has dropped proves nothing.
    identifier_id   INTEGER REFERENCES identifiers (id) ON DELETE CASCADE,
    target          TEXT NOT NULL,
    address         TEXT NOT NULL,
    attempt_id      INTEGER REFERENCES attempts (id) ON DELETE CASCADE,
    code_mac        BLOB CHECK (length(code_mac) = 32),
    code_expires_at TEXT NOT NULL,
    link_hash       BLOB CHECK (length(link_hash) = 32),
    link_expires_at TEXT NOT NULL,
    created_at      TEXT NOT NULL,
    consumed_at     TEXT,
    voided_at       TEXT,
    CONSTRAINT challenges_link UNIQUE (user_id, link_hash)
) STRICT;
CREATE UNIQUE INDEX challenges_live ON challenges (user_id, purpose, target)
    WHERE consumed_at IS NULL AND voided_at IS NULL;
CREATE INDEX challenges_identifier ON challenges (identifier_id);
CREATE INDEX challenges_attempt ON challenges (attempt_id);
CREATE INDEX challenges_age ON challenges (created_at);

CREATE TABLE tickets (
    hash        BLOB PRIMARY KEY CHECK (length(hash) = 32),
    kind        TEXT NOT NULL,
    user_id     INTEGER REFERENCES users (id) ON DELETE CASCADE,
    bound_to    TEXT,
    sealed      BLOB,
    created_at  TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    consumed_at TEXT,
    voided_at   TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_user ON tickets (user_id);
CREATE INDEX tickets_expiry ON tickets (expires_at);
