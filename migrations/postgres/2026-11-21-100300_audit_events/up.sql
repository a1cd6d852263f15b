-- What happened to each account, as a chain of hashes. No foreign key: the trail outlives the account.
CREATE TABLE audit_events (
    id            bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    subject       bigint NOT NULL,
    sequence      bigint NOT NULL CHECK (sequence > 0),
    actor         text NOT NULL,
    action        text NOT NULL,
    occurred_at   timestamptz NOT NULL,
    ip            text,
    sign_in_id    bigint,
    request_id    text NOT NULL,
    -- JSON, byte for byte as it was hashed: jsonb would write it anew.
    differences   text NOT NULL,
    previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
    hash          bytea NOT NULL CHECK (length(hash) = 32),
    CONSTRAINT audit_events_chain UNIQUE (subject, sequence)
);

-- Rows are added and never touched again, whatever the rights of the role that tries.
CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit rows are never changed';
END
$$;
CREATE TRIGGER audit_events_no_update_or_delete BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_refuse();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse();
