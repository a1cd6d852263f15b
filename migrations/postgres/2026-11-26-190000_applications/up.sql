-- The application that acts in a sign-in, and what it may do there. Null in a sign-in of the user's own.
ALTER TABLE sign_ins ADD COLUMN client_id text;
ALTER TABLE sign_ins ADD COLUMN scope text;

-- What users have allowed applications.
CREATE TABLE consents (
    user_id    bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client_id  text NOT NULL,
    scope      text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, client_id)
);
