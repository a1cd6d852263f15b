-- What happened to each account, as a chain of MACs. No foreign key: the trail outlives the account.
CREATE TABLE audit_events (
    subject     bigint NOT NULL,
    sequence    bigint NOT NULL CHECK (sequence > 0),
    actor       text NOT NULL,
    action      text NOT NULL,
    occurred_at timestamptz NOT NULL,
    sign_in_id  bigint,
    request_id  text NOT NULL,
    -- JSON, byte for byte as it was authenticated (jsonb would write it anew); none once it is erased.
    details     text,
    details_mac bytea NOT NULL CHECK (length(details_mac) = 32),
    mac         bytea NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (subject, sequence)
);

-- Rows are added and never touched again, save to erase their details, whatever the rights of the role that tries. A second
-- line of defence: no rule depends on it.
CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.details := NULL;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit rows are never changed';
END
$$;
CREATE TRIGGER audit_events_no_update_or_delete BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_refuse();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse();
