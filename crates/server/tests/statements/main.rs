//! Statement budgets: what each route asks of the database, counted at the real binary by what it traces.
//!
//! Every statement is traced within the span of its request, so the request's id tells whose it is: no matter which
//! thread ran it, and with the worker's statements left out. Authentication, rate limits and transactions are included.
//! A rise shows up in review. The databases differ in that PostgreSQL is told which rows to lock, and holds the pictures.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod ledger;
mod routes;

use std::collections::HashMap;

use ledger::{Entry, Ledger};
use selfsame_testing::server::{Backend, backends};

#[test]
fn every_route_asks_the_database_as_recorded() {
    for backend in backends() {
        let ledger = Ledger::open(backend);
        routes::walk(&ledger);
        keeps_its_budgets(&ledger.entries());
        asks_alike(&ledger.entries());
        let database = match backend {
            Backend::Sqlite => "sqlite",
            Backend::Postgres => "postgres",
        };
        insta::assert_snapshot!(database, ledger.to_string());
    }
}

/// The budgets of the design, whatever the snapshot says.
fn keeps_its_budgets(entries: &[Entry]) {
    let by_name: HashMap<&str, &Entry> = entries.iter().map(|entry| (entry.name.as_str(), entry)).collect();
    for (name, budget) in routes::BUDGETS {
        let entry = by_name.get(name).unwrap_or_else(|| panic!("{name} was not asked"));
        assert!(entry.statements.len() <= budget, "{name} has a budget of {budget}: {:#?}", entry.statements);
    }
}

/// What must not tell whether an address has an account asks the database for the same in both cases (R1, R23): the time
/// of a statement is seen from outside.
fn asks_alike(entries: &[Entry]) {
    let statements = |name: &str| {
        let entry = entries.iter().find(|entry| entry.name == name);
        &entry.unwrap_or_else(|| panic!("{name} was not asked")).statements
    };
    for (one, other) in routes::ALIKE {
        assert_eq!(statements(one), statements(other), "{one}; {other}");
    }
}
