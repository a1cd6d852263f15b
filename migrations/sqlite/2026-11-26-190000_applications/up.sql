-- The application that acts in a sign-in, and what it may do there. Null in a sign-in of the user's own.
ALTER TABLE sign_ins ADD COLUMN client_id TEXT;
ALTER TABLE sign_ins ADD COLUMN scope TEXT;

-- What users have allowed applications.
CREATE TABLE consents (
    user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id  TEXT NOT NULL,
    scope      TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;
