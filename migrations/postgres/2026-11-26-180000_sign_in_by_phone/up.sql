-- The phone number that a sign-in began with.
ALTER TABLE attempts ADD COLUMN phone_number text;

-- Whether a number is the account's second factor. At most one of an account is, which the code ensures: a unique index would
-- forbid to hand it over in one unit.
ALTER TABLE identifiers ADD COLUMN is_second_factor boolean NOT NULL DEFAULT false;
