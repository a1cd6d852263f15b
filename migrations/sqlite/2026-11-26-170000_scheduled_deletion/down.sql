DROP INDEX users_deletion;
ALTER TABLE users DROP COLUMN deletion_at;
