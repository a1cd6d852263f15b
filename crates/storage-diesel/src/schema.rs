//! The tables as the migrations make them. Names are OpenID Connect's where it has one.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::{Jsonb, Instant};

    users (id) {
        id -> BigInt,
        version -> BigInt,
        preferred_username -> Nullable<Text>,
        preferred_username_canonical -> Nullable<Text>,
        preferred_username_skeleton -> Nullable<Text>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        name -> Nullable<Text>,
        locale -> Nullable<Text>,
        zoneinfo -> Nullable<Text>,
        picture -> Nullable<Text>,
        attributes -> Jsonb,
        second_factor_policy -> Text,
        password_phc -> Nullable<Text>,
        password_changed_at -> Nullable<Instant>,
        disabled_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use crate::sql_types::Instant;

    identifiers (id) {
        id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        value -> Text,
        canonical -> Text,
        is_primary -> Bool,
        verified_at -> Nullable<Instant>,
        created_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use crate::sql_types::Instant;

    sessions (id) {
        id -> BigInt,
        token_hash -> Binary,
        active_sign_in_id -> Nullable<BigInt>,
        created_at -> Instant,
        last_seen_at -> Instant,
        expires_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::Instant;

    sign_ins (id) {
        id -> BigInt,
        session_id -> Nullable<BigInt>,
        user_id -> BigInt,
        created_at -> Instant,
        last_active_at -> Instant,
        expires_at -> Instant,
        ended_at -> Nullable<Instant>,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use crate::sql_types::Instant;

    refresh_tokens (id) {
        id -> BigInt,
        sign_in_id -> BigInt,
        token_hash -> Binary,
        created_at -> Instant,
        expires_at -> Instant,
        rotated_at -> Nullable<Instant>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::{Jsonb, Instant};

    attempts (id) {
        id -> BigInt,
        kind -> Text,
        session_id -> Nullable<BigInt>,
        token_hash -> Nullable<Binary>,
        user_id -> BigInt,
        email -> Text,
        method -> Nullable<Text>,
        form -> Jsonb,
        step -> Nullable<Text>,
        sign_in_id -> Nullable<BigInt>,
        completed_at -> Nullable<Instant>,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_types::Instant;

    challenges (id) {
        id -> BigInt,
        purpose -> Text,
        user_id -> BigInt,
        identifier_id -> Nullable<BigInt>,
        address -> Text,
        attempt_id -> Nullable<BigInt>,
        code_mac -> Nullable<Binary>,
        code_expires_at -> Instant,
        link_hash -> Nullable<Binary>,
        link_expires_at -> Instant,
        tries -> Integer,
        created_at -> Instant,
        consumed_at -> Nullable<Instant>,
        voided_at -> Nullable<Instant>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    audit_events (id) {
        id -> BigInt,
        subject -> BigInt,
        sequence -> BigInt,
        actor -> Text,
        action -> Text,
        occurred_at -> Instant,
        ip -> Nullable<Text>,
        sign_in_id -> Nullable<BigInt>,
        request_id -> Text,
        differences -> Text,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};
    use crate::sql_types::Instant;

    outbox (id) {
        id -> BigInt,
        channel -> Text,
        locale -> Nullable<Text>,
        sealed -> Binary,
        created_at -> Instant,
        expires_at -> Instant,
        attempts -> Integer,
        due_at -> Instant,
        lease_token -> Nullable<BigInt>,
        leased_until -> Nullable<Instant>,
        dead_at -> Nullable<Instant>,
        last_error -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Text};

    rate_limits (key) {
        key -> Text,
        theoretical_arrival -> BigInt,
    }
}

joinable!(identifiers -> users (user_id));
joinable!(sign_ins -> users (user_id));
allow_tables_to_appear_in_same_query!(users, identifiers, sessions, sign_ins, attempts, challenges, audit_events);
