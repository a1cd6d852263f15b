-- One row: a MAC under the key of every MAC in this database. A server with another key is refused.
CREATE TABLE installation (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    mac BLOB NOT NULL CHECK (length(mac) = 32)
) STRICT;
