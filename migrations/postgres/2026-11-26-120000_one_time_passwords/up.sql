-- The confirmed authenticator app of an account. Codes of the last step and of earlier ones are refused.
CREATE TABLE totps (
    user_id    bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed     bytea NOT NULL,
    last_step  bigint NOT NULL,
    created_at timestamptz NOT NULL
);

-- The one that is being enrolled, by one sign-in. It has no effect.
CREATE TABLE pending_totps (
    user_id    bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sign_in_id bigint NOT NULL,
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX pending_totps_age ON pending_totps (created_at);

-- The backup codes that are left. A used one is removed.
CREATE TABLE backup_codes (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mac     bytea NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (user_id, mac)
);
