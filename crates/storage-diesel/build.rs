//! Has the crate compiled anew when a migration changes: `embed_migrations!` alone would not notice.

#![expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
