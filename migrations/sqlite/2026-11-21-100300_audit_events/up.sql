-- What happened to each account, as a chain of MACs. No foreign key: the trail outlives the account.
CREATE TABLE audit_events (
    subject     INTEGER NOT NULL,
    sequence    INTEGER NOT NULL CHECK (sequence > 0),
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    sign_in_id  INTEGER,
    request_id  TEXT NOT NULL,
    -- JSON, byte for byte as it was authenticated; none once it is erased.
    details     TEXT,
    details_mac BLOB NOT NULL CHECK (length(details_mac) = 32),
    mac         BLOB NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (subject, sequence)
) STRICT, WITHOUT ROWID;

-- Rows are added and never touched again, save to erase their details. A second line of defence: no rule depends on it.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
WHEN NEW.details IS NOT NULL
    OR NEW.subject IS NOT OLD.subject
    OR NEW.sequence IS NOT OLD.sequence
    OR NEW.actor IS NOT OLD.actor
    OR NEW.action IS NOT OLD.action
    OR NEW.occurred_at IS NOT OLD.occurred_at
    OR NEW.sign_in_id IS NOT OLD.sign_in_id
    OR NEW.request_id IS NOT OLD.request_id
    OR NEW.details_mac IS NOT OLD.details_mac
    OR NEW.mac IS NOT OLD.mac
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN
    SELECT RAISE(ABORT, 'audit rows are never changed');
END;
