//! The fakes keep the contracts that the adapters keep: a use case tested with one behaves so with the other.

mod storage {
    use selfsame_ports::Storage;
    use selfsame_testing::memory::MemoryStorage;

    fn with_memory(promise: fn(&dyn Storage)) {
        promise(&MemoryStorage::new());
    }

    selfsame_testing::storage_contract!(with_memory);
}

mod rate_limits {
    use selfsame_ports::RateLimits;
    use selfsame_testing::memory::MemoryStorage;

    fn with_memory(promise: fn(&dyn RateLimits, &dyn RateLimits)) {
        let store = MemoryStorage::new();
        promise(&store, &store);
    }

    selfsame_testing::rate_limits_contract!(with_memory);
}

mod vault {
    use selfsame_ports::Vault;
    use selfsame_testing::fakes::TestVault;

    fn with_fake(promise: fn(&dyn Vault, &dyn Vault)) {
        promise(&TestVault::new(7), &TestVault::resumed(7, 1 << 32));
    }

    selfsame_testing::vault_contract!(with_fake);
}

mod passwords {
    use selfsame_ports::PasswordHasher;
    use selfsame_testing::fakes::PlainPasswords;

    fn with_fake(promise: fn(&dyn PasswordHasher, &dyn PasswordHasher)) {
        promise(&PlainPasswords::new(), &PlainPasswords::weaker());
    }

    selfsame_testing::passwords_contract!(with_fake);
}

mod access_tokens {
    use selfsame_ports::AccessTokens;
    use selfsame_testing::fakes::FakeTokens;

    fn with_fake(promise: fn(&dyn AccessTokens, &str)) {
        let audience = "https://accounts.example";
        promise(&FakeTokens::new([audience]), audience);
    }

    selfsame_testing::access_tokens_contract!(with_fake);
}

mod blobs {
    use selfsame_ports::Blobs;
    use selfsame_testing::fakes::MemoryBlobs;

    fn with_memory(promise: fn(&dyn Blobs)) {
        promise(&MemoryBlobs::new());
    }

    selfsame_testing::blobs_contract!(with_memory);
}
