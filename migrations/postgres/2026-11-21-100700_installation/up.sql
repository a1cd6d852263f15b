-- One row: a MAC under the key of every MAC in this database. A server with another key is refused.
CREATE TABLE installation (
    id  integer PRIMARY KEY CHECK (id = 1),
    mac bytea NOT NULL CHECK (length(mac) = 32)
);
