//! The store passes the contract suite of its port, on both databases.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod support;

mod on_sqlite {
    use selfsame_ports::Blobs;

    use super::support::{blobs, sqlite};

    fn with_an_empty_store(promise: fn(&dyn Blobs)) {
        let (database, _folder) = sqlite();
        promise(&blobs(&database));
    }

    selfsame_testing::blobs_contract!(with_an_empty_store);
}

mod on_postgres {
    use selfsame_ports::Blobs;

    use super::support::{blobs, open, postgres};

    fn with_an_empty_store(promise: fn(&dyn Blobs)) {
        let Some(database) = postgres() else { return };
        promise(&blobs(&open(&database.url)));
    }

    selfsame_testing::blobs_contract!(with_an_empty_store);
}
