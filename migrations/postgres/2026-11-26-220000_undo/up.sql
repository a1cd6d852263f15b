-- When an account was frozen because a change of it was undone.
ALTER TABLE users ADD COLUMN frozen_at timestamptz;

-- The identifiers and credentials of an account before a change, by the last place in its audit chain before it.
CREATE TABLE undo_points (
    user_id    bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sequence   bigint NOT NULL,
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, sequence)
);
CREATE INDEX undo_points_expiry ON undo_points (expires_at);

-- Backup codes that were used: a set that is restored comes back without them.
CREATE TABLE used_backup_codes (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mac     bytea NOT NULL CHECK (length(mac) = 32),
    used_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, mac)
);
CREATE INDEX used_backup_codes_age ON used_backup_codes (used_at);
