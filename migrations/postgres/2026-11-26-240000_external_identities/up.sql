-- Identities of other issuers. One whose account was removed stays, so that its tokens do not make the account again. Its last
-- sign-in stays too: tokens that were issued before its end are refused.
CREATE TABLE external_identities (
    id                bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    issuer            text NOT NULL,
    subject           text NOT NULL,
    user_id           bigint REFERENCES users (id) ON DELETE SET NULL,
    sign_in_id        bigint REFERENCES sign_ins (id) ON DELETE SET NULL,
    tokens_not_before timestamptz,
    created_at        timestamptz NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX external_identities_user ON external_identities (user_id);
CREATE INDEX external_identities_sign_in ON external_identities (sign_in_id);
