-- What a username that was given up looks like: until an instant no other account gets a name that looks like it.
CREATE TABLE username_holds (
    skeleton   text PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    held_until timestamptz NOT NULL
);
CREATE INDEX username_holds_user ON username_holds (user_id);
CREATE INDEX username_holds_end ON username_holds (held_until);

-- A change of address is void once the sign-in that requested it has ended.
ALTER TABLE challenges ADD COLUMN sign_in_id bigint REFERENCES sign_ins (id) ON DELETE CASCADE;
CREATE INDEX challenges_sign_in ON challenges (sign_in_id) WHERE sign_in_id IS NOT NULL;
