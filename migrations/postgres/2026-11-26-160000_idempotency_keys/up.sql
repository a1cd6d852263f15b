-- Requests that were sent with an idempotency key: which may take effect, and the sealed response to the one that did.
CREATE TABLE idempotency_keys (
    hash         bytea PRIMARY KEY CHECK (length(hash) = 32),
    fingerprint  bytea NOT NULL CHECK (length(fingerprint) = 32),
    claim        bytea NOT NULL CHECK (length(claim) = 16),
    applied_at   timestamptz,
    response     bytea,
    created_at   timestamptz NOT NULL,
    leased_until timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
