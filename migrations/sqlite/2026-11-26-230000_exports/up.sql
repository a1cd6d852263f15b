-- Exports of accounts. `archive` begins the names of the files in which the archive is stored, sealed. It is null before it is
-- made, and after its files were deleted.
CREATE TABLE exports (
    id           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id      INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state        TEXT NOT NULL,
    progress     INTEGER NOT NULL CHECK (progress BETWEEN 0 AND 100),
    archive      TEXT UNIQUE,
    parts        INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    requested_at TEXT NOT NULL,
    finished_at  TEXT,
    expires_at   TEXT NOT NULL
) STRICT;
CREATE INDEX exports_user ON exports (user_id);
CREATE INDEX exports_expiry ON exports (expires_at);
