-- Budgets by GCRA: when each is full again, in Unix milliseconds. Keys are MACs: no address stands here in clear.
CREATE TABLE rate_limits (
    key                 BLOB PRIMARY KEY CHECK (length(key) = 32),
    theoretical_arrival INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rate_limits_theoretical_arrival ON rate_limits (theoretical_arrival);
