-- Accounts, and the addresses and numbers they are known by. Ids are 53-bit, so that JavaScript can hold them.
CREATE TABLE users (
    id                           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    version                      INTEGER NOT NULL CHECK (version > 0),
    preferred_username           TEXT,
    preferred_username_canonical TEXT UNIQUE,
    preferred_username_skeleton  TEXT UNIQUE,
    given_name                   TEXT,
    family_name                  TEXT,
    name                         TEXT,
    locale                       TEXT,
    zoneinfo                     TEXT,
    picture                      TEXT,
    attributes                   TEXT NOT NULL CHECK (json_type(attributes) = 'object'),
    second_factor_policy         TEXT NOT NULL CHECK (second_factor_policy IN ('none', 'enforced')),
    password_phc                 TEXT,
    password_changed_at          TEXT,
    disabled_at                  TEXT,
    created_at                   TEXT NOT NULL,
    updated_at                   TEXT NOT NULL,
    CHECK ((preferred_username IS NULL) = (preferred_username_canonical IS NULL)),
    CHECK ((preferred_username IS NULL) = (preferred_username_skeleton IS NULL))
) STRICT;
-- The sweep asks which files are in use.
CREATE INDEX users_picture ON users (picture) WHERE picture IS NOT NULL;

CREATE TABLE identifiers (
    id          INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
    value       TEXT NOT NULL,
    canonical   TEXT NOT NULL,
    is_primary  INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    verified_at TEXT,
    created_at  TEXT NOT NULL
) STRICT;
CREATE INDEX identifiers_user ON identifiers (user_id);
CREATE INDEX identifiers_canonical ON identifiers (kind, canonical);
-- Whoever proved an address has it; any number of accounts may claim it until then.
CREATE UNIQUE INDEX identifiers_verified ON identifiers (kind, canonical) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX identifiers_primary ON identifiers (user_id, kind) WHERE is_primary;
-- What nobody has proven is cleared away by age.
CREATE INDEX identifiers_unproven ON identifiers (kind, created_at) WHERE verified_at IS NULL;
