-- Identities of other issuers. One whose account was removed stays, so that its tokens do not make the account again. Its last
-- sign-in stays too: tokens that were issued before its end are refused.
CREATE TABLE external_identities (
    id                INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    issuer            TEXT NOT NULL,
    subject           TEXT NOT NULL,
    user_id           INTEGER REFERENCES users (id) ON DELETE SET NULL,
    sign_in_id        INTEGER REFERENCES sign_ins (id) ON DELETE SET NULL,
    tokens_not_before TEXT,
    created_at        TEXT NOT NULL,
    UNIQUE (issuer, subject)
) STRICT;
CREATE INDEX external_identities_user ON external_identities (user_id);
CREATE INDEX external_identities_sign_in ON external_identities (sign_in_id);
