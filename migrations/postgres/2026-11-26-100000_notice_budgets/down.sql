ALTER TABLE users DROP COLUMN password_notices_meter;
ALTER TABLE users DROP COLUMN email_notices_meter;
ALTER TABLE users DROP COLUMN phone_notices_meter;
