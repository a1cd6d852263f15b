-- Budgets by GCRA: when the next one would arrive if they came evenly, in Unix milliseconds.
CREATE TABLE rate_limits (
    key                 text PRIMARY KEY,
    theoretical_arrival bigint NOT NULL
);
