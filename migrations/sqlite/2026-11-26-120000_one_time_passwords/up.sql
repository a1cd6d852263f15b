-- The confirmed authenticator app of an account. Codes of the last step and of earlier ones are refused.
CREATE TABLE totps (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed     BLOB NOT NULL,
    last_step  INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- The one that is being enrolled, by one sign-in. It has no effect.
CREATE TABLE pending_totps (
    user_id    INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sign_in_id INTEGER NOT NULL,
    sealed     BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX pending_totps_age ON pending_totps (created_at);

-- The backup codes that are left. A used one is removed.
CREATE TABLE backup_codes (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mac     BLOB NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (user_id, mac)
) STRICT, WITHOUT ROWID;
