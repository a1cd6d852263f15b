DROP TABLE backup_codes;
DROP TABLE pending_totps;
DROP TABLE totps;
