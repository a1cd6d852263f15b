-- Exports of accounts. `archive` begins the names of the files in which the archive is stored, sealed. It is null before it is
-- made, and after its files were deleted.
CREATE TABLE exports (
    id           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id      bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state        text NOT NULL,
    progress     integer NOT NULL CHECK (progress BETWEEN 0 AND 100),
    archive      text UNIQUE,
    parts        integer NOT NULL,
    bytes        bigint NOT NULL,
    requested_at timestamptz NOT NULL,
    finished_at  timestamptz,
    expires_at   timestamptz NOT NULL
);
CREATE INDEX exports_user ON exports (user_id);
CREATE INDEX exports_expiry ON exports (expires_at);
