-- Until when a budget of notices is not full, in microseconds of Unix time. Full for the accounts that are there.
ALTER TABLE users ADD COLUMN phone_notices_meter bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN email_notices_meter bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN password_notices_meter bigint NOT NULL DEFAULT 0;
