ALTER TABLE users DROP COLUMN backup_codes_left;
ALTER TABLE users DROP COLUMN enrolled_factors;
