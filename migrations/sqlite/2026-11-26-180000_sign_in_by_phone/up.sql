-- The phone number that a sign-in began with.
ALTER TABLE attempts ADD COLUMN phone_number TEXT;

-- Whether a number is the account's second factor. At most one of an account is, which the code ensures: a unique index would
-- forbid to hand it over in one unit.
ALTER TABLE identifiers ADD COLUMN is_second_factor INTEGER NOT NULL DEFAULT 0 CHECK (is_second_factor IN (0, 1));
