-- When an account was frozen because a change of it was undone.
ALTER TABLE users ADD COLUMN frozen_at TEXT;

-- The identifiers and credentials of an account before a change, by the last place in its audit chain before it.
CREATE TABLE undo_points (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sequence   INTEGER NOT NULL,
    sealed     BLOB NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (user_id, sequence)
) STRICT;
CREATE INDEX undo_points_expiry ON undo_points (expires_at);

-- Backup codes that were used: a set that is restored comes back without them.
CREATE TABLE used_backup_codes (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mac     BLOB NOT NULL CHECK (length(mac) = 32),
    used_at TEXT NOT NULL,
    PRIMARY KEY (user_id, mac)
) STRICT, WITHOUT ROWID;
CREATE INDEX used_backup_codes_age ON used_backup_codes (used_at);
