-- What happened to each account, as a chain of hashes. No foreign key: the trail outlives the account.
CREATE TABLE audit_events (
    id            INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    subject       INTEGER NOT NULL,
    sequence      INTEGER NOT NULL CHECK (sequence > 0),
    actor         TEXT NOT NULL,
    action        TEXT NOT NULL,
    occurred_at   TEXT NOT NULL,
    ip            TEXT,
    sign_in_id    INTEGER,
    request_id    TEXT NOT NULL,
    -- JSON, byte for byte as it was hashed.
    differences   TEXT NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    hash          BLOB NOT NULL CHECK (length(hash) = 32),
    CONSTRAINT audit_events_chain UNIQUE (subject, sequence)
) STRICT;

-- Rows are added and never touched again.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;
