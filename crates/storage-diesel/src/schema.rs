//! The tables that the migrations make. Column names are OpenID Connect claims where there is one.

use diesel::{allow_tables_to_appear_in_same_query, joinable, table};

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    users (id) {
        id -> BigInt,
        version -> BigInt,
        preferred_username -> Nullable<Text>,
        preferred_username_canonical -> Nullable<Text>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        name -> Nullable<Text>,
        locale -> Nullable<Text>,
        zoneinfo -> Nullable<Text>,
        picture -> Nullable<Text>,
        second_factor_policy -> Text,
        enrolled_factors -> Text,
        backup_codes_left -> BigInt,
        password_changed_at -> Nullable<Instant>,
        credential_epoch -> BigInt,
        sign_in_count -> BigInt,
        audit_sequence -> BigInt,
        audit_mac -> Binary,
        changes_meter -> BigInt,
        audit_bytes_meter -> BigInt,
        phone_notices_meter -> BigInt,
        email_notices_meter -> BigInt,
        password_notices_meter -> BigInt,
        sign_in_notices_meter -> BigInt,
        disabled_at -> Nullable<Instant>,
        frozen_at -> Nullable<Instant>,
        deletion_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Text};

    username_skeletons (skeleton) {
        skeleton -> Text,
        user_id -> BigInt,
    }
}

table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::Instant;

    username_holds (skeleton) {
        skeleton -> Text,
        user_id -> BigInt,
        held_until -> Instant,
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
        is_second_factor -> Bool,
    }
}

table! {
    use diesel::sql_types::{BigInt, Text};

    passwords (user_id) {
        user_id -> BigInt,
        phc -> Text,
    }
}

table! {
    use diesel::sql_types::BigInt;
    use crate::sql_types::Jsonb;

    attributes (user_id) {
        user_id -> BigInt,
        value -> Jsonb,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_types::Instant;

    sessions (id) {
        id -> BigInt,
        token_hash -> Binary,
        created_at -> Instant,
        last_seen_at -> Instant,
        expires_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    sign_ins (id) {
        id -> BigInt,
        session_id -> Nullable<BigInt>,
        user_id -> BigInt,
        created_at -> Instant,
        authenticated_at -> Instant,
        methods -> Text,
        activated_at -> Nullable<Instant>,
        refresh_hash -> Nullable<Binary>,
        refresh_generation -> Nullable<BigInt>,
        refreshed_at -> Nullable<Instant>,
        last_active_at -> Instant,
        expires_at -> Instant,
        ended_at -> Nullable<Instant>,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        name -> Nullable<Text>,
        client_id -> Nullable<Text>,
        scope -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Text};
    use crate::sql_types::Instant;

    consents (user_id, client_id) {
        user_id -> BigInt,
        client_id -> Text,
        scope -> Text,
        created_at -> Instant,
        updated_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Text};

    password_history (user_id, credential_epoch) {
        user_id -> BigInt,
        credential_epoch -> BigInt,
        phc -> Text,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    devices (id) {
        id -> BigInt,
        user_id -> BigInt,
        token_hash -> Binary,
        credential_epoch -> BigInt,
        name -> Nullable<Text>,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        created_at -> Instant,
        activated_at -> Nullable<Instant>,
        last_used_at -> Instant,
        expires_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_types::Instant;

    sign_in_origins (user_id, origin) {
        user_id -> BigInt,
        origin -> Binary,
        last_seen_at -> Instant,
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
        user_id -> Nullable<BigInt>,
        credential_epoch -> BigInt,
        email -> Nullable<Text>,
        method -> Nullable<Text>,
        form -> Jsonb,
        required -> Text,
        satisfied -> Text,
        sealed -> Nullable<Binary>,
        sign_in_id -> Nullable<BigInt>,
        completed_at -> Nullable<Instant>,
        created_at -> Instant,
        expires_at -> Instant,
        phone_number -> Nullable<Text>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    challenges (id) {
        id -> BigInt,
        purpose -> Text,
        user_id -> BigInt,
        identifier_id -> Nullable<BigInt>,
        target -> Text,
        address -> Text,
        attempt_id -> Nullable<BigInt>,
        code_mac -> Nullable<Binary>,
        code_expires_at -> Instant,
        link_hash -> Nullable<Binary>,
        link_expires_at -> Instant,
        created_at -> Instant,
        consumed_at -> Nullable<Instant>,
        voided_at -> Nullable<Instant>,
        sign_in_id -> Nullable<BigInt>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    tickets (hash) {
        hash -> Binary,
        kind -> Text,
        user_id -> Nullable<BigInt>,
        bound_to -> Nullable<Text>,
        sealed -> Nullable<Binary>,
        created_at -> Instant,
        expires_at -> Instant,
        consumed_at -> Nullable<Instant>,
        voided_at -> Nullable<Instant>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_types::Instant;

    totps (user_id) {
        user_id -> BigInt,
        sealed -> Binary,
        last_step -> BigInt,
        created_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_types::Instant;

    pending_totps (user_id) {
        user_id -> BigInt,
        sign_in_id -> BigInt,
        sealed -> Binary,
        created_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};

    backup_codes (user_id, mac) {
        user_id -> BigInt,
        mac -> Binary,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
    use crate::sql_types::Instant;

    passkeys (id) {
        id -> BigInt,
        user_id -> BigInt,
        credential_id -> Binary,
        public_key -> Text,
        name -> Text,
        transports -> Text,
        sign_count -> BigInt,
        backup_eligible -> Bool,
        backed_up -> Bool,
        use_count -> BigInt,
        created_at -> Instant,
        last_used_at -> Nullable<Instant>,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use crate::sql_types::Instant;

    audit_events (subject, sequence) {
        subject -> BigInt,
        sequence -> BigInt,
        actor -> Text,
        action -> Text,
        occurred_at -> Instant,
        sign_in_id -> Nullable<BigInt>,
        request_id -> Text,
        details -> Nullable<Text>,
        details_mac -> Binary,
        mac -> Binary,
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
    use diesel::sql_types::{BigInt, Integer, Nullable, Text};
    use crate::sql_types::Instant;

    exports (id) {
        id -> BigInt,
        user_id -> BigInt,
        state -> Text,
        progress -> Integer,
        archive -> Nullable<Text>,
        parts -> Integer,
        bytes -> BigInt,
        requested_at -> Instant,
        finished_at -> Nullable<Instant>,
        expires_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_types::Instant;

    undo_points (user_id, sequence) {
        user_id -> BigInt,
        sequence -> BigInt,
        sealed -> Binary,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};
    use crate::sql_types::Instant;

    used_backup_codes (user_id, mac) {
        user_id -> BigInt,
        mac -> Binary,
        used_at -> Instant,
    }
}

table! {
    use diesel::sql_types::{BigInt, Binary};

    rate_limits (key) {
        key -> Binary,
        theoretical_arrival -> BigInt,
    }
}

table! {
    use diesel::sql_types::{Binary, Nullable};
    use crate::sql_types::Instant;

    idempotency_keys (hash) {
        hash -> Binary,
        fingerprint -> Binary,
        claim -> Binary,
        applied_at -> Nullable<Instant>,
        response -> Nullable<Binary>,
        created_at -> Instant,
        leased_until -> Instant,
        expires_at -> Instant,
    }
}

table! {
    webhook_events (id) {
        id -> BigInt,
        user_id -> BigInt,
        sealed -> Binary,
    }
}

table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use crate::sql_types::Instant;

    external_identities (id) {
        id -> BigInt,
        issuer -> Text,
        subject -> Text,
        user_id -> Nullable<BigInt>,
        sign_in_id -> Nullable<BigInt>,
        tokens_not_before -> Nullable<Instant>,
        created_at -> Instant,
    }
}

joinable!(identifiers -> users (user_id));
joinable!(passwords -> users (user_id));
joinable!(attributes -> users (user_id));
joinable!(sign_ins -> users (user_id));
allow_tables_to_appear_in_same_query!(
    users,
    identifiers,
    passwords,
    attributes,
    sessions,
    sign_ins,
    attempts,
    challenges,
    external_identities
);
