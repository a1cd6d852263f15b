//! The store passes the contract suite of its port.

#![expect(clippy::expect_used, reason = "a test may stop at the first surprise")]

use selfsame_blobs_fs::FileBlobs;
use selfsame_ports::Blobs;
use selfsame_testing::blobs_contract;

fn with_an_empty_store(promise: fn(&dyn Blobs)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    promise(&FileBlobs::open(folder.path()).expect("a store"));
}

blobs_contract!(with_an_empty_store);
