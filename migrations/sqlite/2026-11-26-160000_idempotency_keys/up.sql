-- Requests that were sent with an idempotency key: which may take effect, and the sealed response to the one that did.
CREATE TABLE idempotency_keys (
    hash         BLOB PRIMARY KEY CHECK (length(hash) = 32),
    fingerprint  BLOB NOT NULL CHECK (length(fingerprint) = 32),
    claim        BLOB NOT NULL CHECK (length(claim) = 16),
    applied_at   TEXT,
    response     BLOB,
    created_at   TEXT NOT NULL,
    leased_until TEXT NOT NULL,
    expires_at   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
