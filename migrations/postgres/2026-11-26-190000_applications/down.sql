-- Without its columns a sign-in of an application would be one of the user's own.
DELETE FROM sign_ins WHERE client_id IS NOT NULL;
DROP TABLE consents;
ALTER TABLE sign_ins DROP COLUMN scope;
ALTER TABLE sign_ins DROP COLUMN client_id;
