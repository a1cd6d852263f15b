-- Without it the tokens of these sign-ins would not be found.
DELETE FROM sign_ins WHERE id IN (SELECT sign_in_id FROM external_identities);
DROP TABLE external_identities;
