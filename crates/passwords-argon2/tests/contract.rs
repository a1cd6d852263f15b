//! The hasher passes the contract suite of its port.

#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{sync::Arc, time::Duration};

use selfsame_passwords_argon2::{Argon2Hasher, Options};
use selfsame_ports::PasswordHasher;
use selfsame_testing::{fakes::TestVault, passwords_contract};

fn hasher(memory_kib: u32) -> Argon2Hasher {
    let queue_wait = Duration::from_mins(1);
    let options = Options { memory_kib, iterations: 2, parallelism: 1, permits: 2, queue: 64, queue_wait };
    Argon2Hasher::new(&options, Arc::new(TestVault::default())).expect("good options")
}

fn with_a_hasher(promise: fn(&dyn PasswordHasher, &dyn PasswordHasher)) {
    promise(&hasher(128), &hasher(64));
}

passwords_contract!(with_a_hasher);
