//! What storage and rate limits promise, kept by both databases.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

mod storage {
    use selfsame_ports::Storage;

    mod on_sqlite {
        use super::super::support::SqliteDatabase;

        fn with(promise: fn(&dyn super::Storage)) {
            promise(&SqliteDatabase::new().storage);
        }

        selfsame_testing::storage_contract!(with);
    }

    mod on_postgres {
        use super::super::support::{open, postgres};

        fn with(promise: fn(&dyn super::Storage)) {
            let Some(database) = postgres() else { return };
            promise(&open(&database.url));
        }

        selfsame_testing::storage_contract!(with);
    }
}

mod rate_limits {
    use selfsame_ports::RateLimits;

    mod on_sqlite {
        use super::super::support::SqliteDatabase;

        fn with(promise: fn(&dyn super::RateLimits, &dyn super::RateLimits)) {
            let database = SqliteDatabase::new();
            promise(&database.storage, &database.storage);
        }

        selfsame_testing::rate_limits_contract!(with);
    }

    mod on_postgres {
        use super::super::support::{open, postgres};

        fn with(promise: fn(&dyn super::RateLimits, &dyn super::RateLimits)) {
            let Some(database) = postgres() else { return };
            promise(&open(&database.url), &open(&database.url));
        }

        selfsame_testing::rate_limits_contract!(with);
    }
}
