//! The signer passes the contract suite of its port.

#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::{sync::Arc, time::Duration};

use selfsame_ports::AccessTokens;
use selfsame_testing::{access_tokens_contract, fakes::TestVault};
use selfsame_tokens_jwt::{JwtTokens, Options, generate_signing_key};

const AUDIENCE: &str = "selfsame";

fn with_a_signer(promise: fn(&dyn AccessTokens, &str)) {
    let options = Options {
        issuer: "https://id.example.com".to_owned(),
        audiences: vec![AUDIENCE.to_owned()],
        leeway: Duration::from_secs(30),
    };
    let keys = [("k1".to_owned(), generate_signing_key().expect("a key"))];
    promise(&JwtTokens::new(options, &keys, "k1", Arc::new(TestVault::default())).expect("a good key"), AUDIENCE);
}

access_tokens_contract!(with_a_signer);
