-- Files, where pictures are kept in the database: each in one row, or in several if it is larger than a row may be.
-- Names are listed in the order of their bytes, whatever the language of the database.
CREATE TABLE blobs (
    name      text COLLATE "C" NOT NULL,
    part      integer NOT NULL CHECK (part >= 0),
    -- Unix milliseconds.
    stored_at bigint NOT NULL,
    bytes     bytea NOT NULL,
    PRIMARY KEY (name, part)
);
