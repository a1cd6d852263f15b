-- Accounts, and what hangs on them. Ids are 53-bit, so that JavaScript can hold them. Words (kinds, policies) are guarded in
-- code: a CHECK on them would make each new one a rebuild of the table on SQLite.
CREATE TABLE users (
    id                           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    version                      bigint NOT NULL,
    preferred_username           text,
    preferred_username_canonical text CONSTRAINT users_preferred_username_canonical UNIQUE,
    given_name                   text,
    family_name                  text,
    name                         text,
    locale                       text,
    zoneinfo                     text,
    picture                      text,
    second_factor_policy         text NOT NULL,
    password_changed_at          timestamptz,
    credential_epoch             bigint NOT NULL,
    sign_in_count                bigint NOT NULL,
    -- Where the account's audit chain ends.
    audit_sequence               bigint NOT NULL,
    audit_mac                    bytea NOT NULL CHECK (length(audit_mac) = 32),
    -- Until when a budget is not full, in microseconds of Unix time.
    changes_meter                bigint NOT NULL,
    audit_bytes_meter            bigint NOT NULL,
    disabled_at                  timestamptz,
    created_at                   timestamptz NOT NULL,
    updated_at                   timestamptz NOT NULL,
    CHECK ((preferred_username IS NULL) = (preferred_username_canonical IS NULL))
);
-- The sweep asks which files are in use.
CREATE INDEX users_picture ON users (picture) WHERE picture IS NOT NULL;

-- What a username looks like: as it is shown, and in its canonical form. No two accounts look alike.
CREATE TABLE username_skeletons (
    skeleton text PRIMARY KEY,
    user_id  bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX username_skeletons_user ON username_skeletons (user_id);

CREATE TABLE identifiers (
    id          bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id     bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        text NOT NULL,
    value       text NOT NULL,
    canonical   text NOT NULL,
    is_primary  boolean NOT NULL,
    verified_at timestamptz,
    created_at  timestamptz NOT NULL,
    CONSTRAINT identifiers_of_user UNIQUE (user_id, kind, canonical)
);
CREATE INDEX identifiers_canonical ON identifiers (kind, canonical);
-- Whoever proved an address has it; any number of accounts may claim it until then.
CREATE UNIQUE INDEX identifiers_verified ON identifiers (kind, canonical) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX identifiers_primary ON identifiers (user_id, kind) WHERE is_primary;
-- What nobody has proven is cleared away by age.
CREATE INDEX identifiers_unproven ON identifiers (kind, created_at) WHERE verified_at IS NULL;

-- Each read only when it is asked for.
CREATE TABLE passwords (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    phc     text NOT NULL
);

CREATE TABLE attributes (
    user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    value   jsonb NOT NULL CHECK (jsonb_typeof(value) = 'object')
);
