-- A sign-in may have a name of its user's choice.
ALTER TABLE sign_ins ADD COLUMN name TEXT;

-- Until when the budget of notices about sign-ins from new devices is not full. Full for the accounts that are there.
ALTER TABLE users ADD COLUMN sign_in_notices_meter INTEGER NOT NULL DEFAULT 0;

-- The passwords that an account had before, by the credential epoch that ended with each.
CREATE TABLE password_history (
    user_id          INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_epoch INTEGER NOT NULL,
    phc              TEXT NOT NULL,
    PRIMARY KEY (user_id, credential_epoch)
) STRICT, WITHOUT ROWID;

-- Browsers and applications that need no second factor for a while.
CREATE TABLE devices (
    id               INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id          INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash       BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    credential_epoch INTEGER NOT NULL,
    name             TEXT,
    ip               TEXT,
    user_agent       TEXT,
    created_at       TEXT NOT NULL,
    -- Null while it is offered and not accepted.
    activated_at     TEXT,
    last_used_at     TEXT NOT NULL,
    expires_at       TEXT NOT NULL
) STRICT;
CREATE INDEX devices_user ON devices (user_id);
CREATE INDEX devices_expiry ON devices (expires_at);

-- From where an account was signed in to: a MAC of browser, system and network.
CREATE TABLE sign_in_origins (
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    origin       BLOB NOT NULL CHECK (length(origin) = 32),
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (user_id, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_origins_age ON sign_in_origins (last_seen_at);
