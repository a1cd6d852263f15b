DROP INDEX challenges_sign_in;
ALTER TABLE challenges DROP COLUMN sign_in_id;
DROP TABLE username_holds;
