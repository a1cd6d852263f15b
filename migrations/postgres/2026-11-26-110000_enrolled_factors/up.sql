-- What is enrolled beside the password and the addresses, so that a read of the account tells it without a join.
ALTER TABLE users ADD COLUMN enrolled_factors text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN backup_codes_left bigint NOT NULL DEFAULT 0;
