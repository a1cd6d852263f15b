-- Accounts, and what hangs on them. Ids are 53-bit, so that JavaScript can hold them. Words (kinds, policies) are guarded in
-- code: a CHECK on them would make each new one a rebuild of the table on SQLite.
CREATE TABLE users (
    id                           INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    version                      INTEGER NOT NULL,
    preferred_username           TEXT,
    preferred_username_canonical TEXT UNIQUE,
    given_name                   TEXT,
    family_name                  TEXT,
    name                         TEXT,
    locale                       TEXT,
    zoneinfo                     TEXT,
    picture                      TEXT,
    second_factor_policy         TEXT NOT NULL,
    password_changed_at          TEXT,
    credential_epoch             INTEGER NOT NULL,
    sign_in_count                INTEGER NOT NULL,
    -- Where the account's audit chain ends.
    audit_sequence               INTEGER NOT NULL,
    audit_mac                    BLOB NOT NULL CHECK (length(audit_mac) = 32),
    -- Until when a budget is not full, in microseconds of Unix time.
    changes_meter                INTEGER NOT NULL,
    audit_bytes_meter            INTEGER NOT NULL,
    disabled_at                  TEXT,
    created_at                   TEXT NOT NULL,
    updated_at                   TEXT NOT NULL,
    CHECK ((preferred_username IS NULL) = (preferred_username_canonical IS NULL))
) STRICT;
-- The sweep asks which files are in use.
CREATE INDEX users_picture ON users (picture) WHERE picture IS NOT NULL;

-- What a username looks like: as it is shown, and in its canonical form. No two accounts look alike.
CREATE TABLE username_skeletons (
    skeleton TEXT PRIMARY KEY,
    user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX username_skeletons_user ON username_skeletons (user_id);

CREATE TABLE identifiers (
    id          INTEGER PRIMARY KEY CHECK (id > 0 AND id < 9007199254740992),
    user_id     INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,
    value       TEXT NOT NULL,
    canonical   TEXT NOT NULL,
    is_primary  INTEGER NOT NULL CHECK (is_primary IN (0, 1)),
    verified_at TEXT,
    created_at  TEXT NOT NULL,
    CONSTRAINT identifiers_of_user UNIQUE (user_id, kind, canonical)
) STRICT;
CREATE INDEX identifiers_canonical ON identifiers (kind, canonical);
-- Whoever proved an address has it; any number of accounts may claim it until then.
CREATE UNIQUE INDEX identifiers_verified ON identifiers (kind, canonical) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX identifiers_primary ON identifiers (user_id, kind) WHERE is_primary;
-- What nobody has proven is cleared away by age.
CREATE INDEX identifiers_unproven ON identifiers (kind, created_at) WHERE verified_at IS NULL;

-- Each read only when it is asked for.
CREATE TABLE passwords (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    phc     TEXT NOT NULL
) STRICT;

CREATE TABLE attributes (
    user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    value   TEXT NOT NULL CHECK (json_type(value) = 'object')
) STRICT;
