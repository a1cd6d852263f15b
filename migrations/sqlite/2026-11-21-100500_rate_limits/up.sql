-- Budgets by GCRA: when the next one would arrive if they came evenly, in Unix milliseconds.
CREATE TABLE rate_limits (
    key                 TEXT PRIMARY KEY,
    theoretical_arrival INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
