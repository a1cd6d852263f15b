-- Files, where pictures are kept in the database: each in one row, or in several if it is larger than a row may be.
-- The bytes come last: a column behind them would be found by reading through them.
CREATE TABLE blobs (
    name      TEXT NOT NULL,
    part      INTEGER NOT NULL CHECK (part >= 0),
    -- Unix milliseconds.
    stored_at INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    PRIMARY KEY (name, part)
) STRICT;
