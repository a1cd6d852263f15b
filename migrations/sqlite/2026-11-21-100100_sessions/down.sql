DROP TABLE refresh_tokens;
-- Each table refers to the other.
UPDATE sessions SET active_sign_in_id = NULL;
DROP TABLE sign_ins;
DROP TABLE sessions;
