-- When an account is to be deleted, if its owner asked for that.
ALTER TABLE users ADD COLUMN deletion_at timestamptz;
-- What is due is found by it.
CREATE INDEX users_deletion ON users (deletion_at) WHERE deletion_at IS NOT NULL;
