DROP TABLE sign_in_origins;
DROP TABLE devices;
DROP TABLE password_history;
ALTER TABLE users DROP COLUMN sign_in_notices_meter;
ALTER TABLE sign_ins DROP COLUMN name;
