//! Contract suites: the tests that every adapter of a port must pass. One function per promise, named by a sentence.
//!
//! An adapter's `tests/contract.rs` calls the suite's macro, which makes a `#[test]` of each promise. The name begins
//! with the number of the promise of `SECURITY.md` that it checks (`r12_…`), if there is one.
//!
//! To add a promise, write a `pub fn` in the suite's file and its name into the suite's macro; a test of this crate
//! finds the ones that were forgotten.

#![expect(missing_docs, reason = "the name of a promise is what there is to say about it")]

mod threads;

pub mod access_tokens;
pub mod blobs;
pub mod passwords;
pub mod rate_limits;
pub mod storage;
pub mod vault;

/// Makes a module of `#[test]`s of each list of promises. For the suites' own macros; one to a module.
#[doc(hidden)]
#[macro_export]
macro_rules! promises {
    ($with:ident, $suite:path; $($module:ident { $($promise:ident)+ })+) => {
        use $suite as suite;
        $(
            mod $module {
                $(
                    #[test]
                    fn $promise() {
                        super::$with(super::suite::$module::$promise);
                    }
                )+
            }
        )+
    };
}
