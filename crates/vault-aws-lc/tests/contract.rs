//! The vault passes the contract suite of its port.

#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use selfsame_ports::Vault;
use selfsame_testing::vault_contract;
use selfsame_vault_aws_lc::{AwsLcVault, generate_key};

fn with_a_vault(promise: fn(&dyn Vault, &dyn Vault)) {
    let (root, keys) = (generate_key(), [("k1".to_owned(), generate_key()), ("k2".to_owned(), generate_key())]);
    let open = || AwsLcVault::new(&root, &keys, "k1").expect("good keys");
    promise(&open(), &open());
}

vault_contract!(with_a_vault);
