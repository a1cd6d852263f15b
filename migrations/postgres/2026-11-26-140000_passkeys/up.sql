-- WebAuthn credentials. A credential id belongs to one account. The public key is in the form of the adapter that reads it.
CREATE TABLE passkeys (
    id              bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id         bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id   bytea NOT NULL CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key      text NOT NULL,
    name            text NOT NULL,
    transports      text NOT NULL,
    sign_count      bigint NOT NULL,
    backup_eligible boolean NOT NULL,
    backed_up       boolean NOT NULL,
    use_count       bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    last_used_at    timestamptz,
    CONSTRAINT passkeys_credential UNIQUE (credential_id)
);
CREATE INDEX passkeys_user ON passkeys (user_id, created_at);
