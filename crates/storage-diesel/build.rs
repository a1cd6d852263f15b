//! Has the crate compiled anew when a migration changes: `embed_migrations!` alone would not notice.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
