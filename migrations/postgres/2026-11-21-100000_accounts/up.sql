-- Accounts, and the addresses and numbers they are known by. Ids are 53-bit, so that JavaScript can hold them.
CREATE TABLE users (
    id                           bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    version                      bigint NOT NULL CHECK (version > 0),
    preferred_username           text,
    preferred_username_canonical text CONSTRAINT users_preferred_username_canonical UNIQUE,
    preferred_username_skeleton  text CONSTRAINT users_preferred_username_skeleton UNIQUE,
    given_name                   text,
    family_name                  text,
    name                         text,
    locale                       text,
    zoneinfo                     text,
    picture                      text,
    attributes                   jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'object'),
    second_factor_policy         text NOT NULL CHECK (second_factor_policy IN ('none', 'enforced')),
    password_phc                 text,
    password_changed_at          timestamptz,
    disabled_at                  timestamptz,
    created_at                   timestamptz NOT NULL,
    updated_at                   timestamptz NOT NULL,
    CHECK ((preferred_username IS NULL) = (preferred_username_canonical IS NULL)),
    CHECK ((preferred_username IS NULL) = (preferred_username_skeleton IS NULL))
);
-- The sweep asks which files are in use.
CREATE INDEX users_picture ON users (picture) WHERE picture IS NOT NULL;

CREATE TABLE identifiers (
    id          bigint PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id     bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        text NOT NULL CHECK (kind IN ('email', 'phone')),
    value       text NOT NULL,
    canonical   text NOT NULL,
    is_primary  boolean NOT NULL,
    verified_at timestamptz,
    created_at  timestamptz NOT NULL
);
CREATE INDEX identifiers_user ON identifiers (user_id);
CREATE INDEX identifiers_canonical ON identifiers (kind, canonical);
-- Whoever proved an address has it; any number of accounts may claim it until then.
CREATE UNIQUE INDEX identifiers_verified ON identifiers (kind, canonical) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX identifiers_primary ON identifiers (user_id, kind) WHERE is_primary;
-- What nobody has proven is cleared away by age.
CREATE INDEX identifiers_unproven ON identifiers (kind, created_at) WHERE verified_at IS NULL;
