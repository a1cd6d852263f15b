-- WebAuthn credentials. A credential id belongs to one account. The public key is in the form of the adapter that reads it.
CREATE TABLE passkeys (
    id              INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id         INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id   BLOB NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key      TEXT NOT NULL,
    name            TEXT NOT NULL,
    transports      TEXT NOT NULL,
    sign_count      INTEGER NOT NULL,
    backup_eligible INTEGER NOT NULL CHECK (backup_eligible IN (0, 1)),
    backed_up       INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
    use_count       INTEGER NOT NULL,
    created_at      TEXT NOT NULL,
    last_used_at    TEXT,
    CONSTRAINT passkeys_credential UNIQUE (credential_id)
) STRICT;
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);
