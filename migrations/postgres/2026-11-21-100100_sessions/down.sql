DROP TABLE refresh_tokens;
ALTER TABLE sessions DROP CONSTRAINT sessions_active_sign_in;
DROP TABLE sign_ins;
DROP TABLE sessions;
