//! Errors. [`classify`] is the only place that maps driver errors to errors of the port.

use std::{io, path::PathBuf};

use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error};
use selfsame_ports::{StorageError, Unique};

use crate::stored_values::internal;

/// Why storage could not be opened. The text is for the operator and contains no password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// A URL with an unknown scheme.
    #[error("the database URL must start with sqlite:// or postgres://")]
    UnknownScheme,
    /// A SQLite URL without a plain path.
    #[error("the database URL must name a file, as in sqlite://data/selfsame.db")]
    NoFile,
    /// Another process uses this file (R93).
    #[error("{} is in use by another process; SQLite can be served by one at a time", .0.display())]
    InUse(PathBuf),
    /// The file or its folder cannot be created or opened.
    #[error("{}: {source}", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A parameter of the URL.
    #[error("the database URL: {name} {reason}")]
    Parameter {
        /// Its name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The database refused, or cannot be reached.
    #[error("the database cannot be used: {0}")]
    Refused(String),
}

impl ConnectError {
    /// Whether the same settings may work later: the database is not reachable, starting, full or in use. Reasons that
    /// last are recognised by the English messages of libpq, PostgreSQL and SQLite.
    pub fn is_temporary(&self) -> bool {
        const LASTING: [&str; 15] = [
            "authentication failed",
            "no password supplied",
            "does not exist",
            "no pg_hba.conf entry",
            "is not permitted to log in",
            "permission denied",
            "invalid URI",
            "invalid port",
            "invalid connection option",
            "invalid integer value",
            "certificate verify failed",
            "root certificate file",
            "does not support SSL",
            "file is not a database",
            "does not support write-ahead logging",
        ];
        match self {
            Self::UnknownScheme | Self::NoFile | Self::Parameter { .. } => false,
            Self::InUse(_) => true,
            Self::File { source, .. } => {
                matches!(source.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
            }
            Self::Refused(message) => !LASTING.iter().any(|words| message.contains(words)),
        }
    }
}

/// Classifies an error. Diesel hides SQLSTATE, so kinds that it does not name are recognised by PostgreSQL's English
/// messages; with another `lc_messages` they become [`StorageError::Internal`].
pub(crate) fn classify(error: &Error) -> StorageError {
    match error {
        Error::DatabaseError(kind, information) => by_kind(*kind, &**information),
        Error::BrokenTransactionManager => unavailable("the connection broke"),
        other => StorageError::Internal(other.to_string()),
    }
}

/// Whether the connection of this error must be closed. So must that of a server that became read-only, because another
/// server takes the writes.
pub(crate) fn is_broken(error: &Error) -> bool {
    matches!(
        error,
        Error::BrokenTransactionManager
            | Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::UnableToSendCommand
                    | DatabaseErrorKind::ReadOnlyTransaction,
                _
            )
    )
}

fn by_kind(kind: DatabaseErrorKind, information: &dyn DatabaseErrorInformation) -> StorageError {
    let message = information.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => unique(information.constraint_name().unwrap_or(message)),
        // The referenced row was removed after the unit read it.
        DatabaseErrorKind::ForeignKeyViolation | DatabaseErrorKind::SerializationFailure => StorageError::Conflict,
        DatabaseErrorKind::ClosedConnection
        | DatabaseErrorKind::UnableToSendCommand
        | DatabaseErrorKind::ReadOnlyTransaction => unavailable(message),
        // The text of the operating system is in the details of this one.
        _ if message.starts_with("could not access status of transaction") => {
            by_message(information.details().unwrap_or(message))
        }
        _ => by_message(message),
    }
}

/// Classifies a unique violation, by the name of the constraint on PostgreSQL and by `table.column, …` on SQLite. All
/// that are not named here are conflicts: a collision of ids or tokens, a place in a chain that was taken, or an
/// address that the account has already.
fn unique(violated: &str) -> StorageError {
    const TAKEN: [(&str, Unique); 6] = [
        ("preferred_username_canonical", Unique::PreferredUsername),
        ("username_skeletons", Unique::PreferredUsername),
        ("identifiers_verified", Unique::Identifier),
        (": identifiers.kind, identifiers.canonical", Unique::Identifier),
        ("passkeys_credential", Unique::Passkey),
        (": passkeys.credential_id", Unique::Passkey),
    ];
    let taken = TAKEN.into_iter().find(|(name, _)| violated.contains(name));
    let is_second_primary =
        violated.contains("identifiers_primary") || violated.ends_with("identifiers.user_id, identifiers.kind");
    match taken {
        Some((_, what)) => StorageError::Taken(what),
        None if is_second_primary => internal("two primary identifiers of one kind"),
        None => StorageError::Conflict,
    }
}

fn by_message(message: &str) -> StorageError {
    const CONFLICT: [&str; 5] = [
        "deadlock detected",
        "due to lock timeout",
        "due to conflict with recovery",
        "database is locked",
        "database table is locked",
    ];
    // Of classes 53 (insufficient resources), 57 (operator intervention) and 58 (system error) of SQLSTATE too. Messages
    // about a file end with the text of the operating system, which tells a lack of resources from a damaged database:
    // "could not open file" and "could not read block" can be either.
    const UNAVAILABLE: [&str; 27] = [
        "due to statement timeout",
        "due to user request",
        "terminating connection",
        "database or disk is full",
        "disk I/O error",
        "unable to open database file",
        "attempt to write a readonly database",
        "out of memory",
        "No space left on device",
        "Disk quota exceeded",
        "Input/output error",
        "Read-only file system",
        "Too many open files",
        "Cannot allocate memory",
        "could not extend file",
        "could not write",
        "could not fsync",
        "out of shared memory",
        "could not resize shared memory",
        "remaining connection slots",
        "too many clients",
        "too many connections",
        "the database system is",
        "out of background worker",
        "exceeds temp_file_limit",
        "exceeds max_wal",
        "configuration limit",
    ];
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    if says(&CONFLICT) {
        StorageError::Conflict
    } else if says(&UNAVAILABLE) {
        unavailable(message)
    } else {
        StorageError::Internal(message.to_owned())
    }
}

fn unavailable(message: &str) -> StorageError {
    StorageError::Unavailable(message.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unique_violation_tells_what_is_taken_on_either_database() {
        for (violated, error) in [
            ("users_preferred_username_canonical", StorageError::Taken(Unique::PreferredUsername)),
            ("username_skeletons_pkey", StorageError::Taken(Unique::PreferredUsername)),
            ("UNIQUE constraint failed: username_skeletons.skeleton", StorageError::Taken(Unique::PreferredUsername)),
            (
                "UNIQUE constraint failed: users.preferred_username_canonical",
                StorageError::Taken(Unique::PreferredUsername),
            ),
            ("identifiers_verified", StorageError::Taken(Unique::Identifier)),
            (
                "UNIQUE constraint failed: identifiers.kind, identifiers.canonical",
                StorageError::Taken(Unique::Identifier),
            ),
            ("passkeys_credential", StorageError::Taken(Unique::Passkey)),
            ("UNIQUE constraint failed: passkeys.credential_id", StorageError::Taken(Unique::Passkey)),
            ("passkeys_pkey", StorageError::Conflict),
            ("UNIQUE constraint failed: passkeys.id", StorageError::Conflict),
            ("identifiers_of_user", StorageError::Conflict),
            (
                "UNIQUE constraint failed: identifiers.user_id, identifiers.kind, identifiers.canonical",
                StorageError::Conflict,
            ),
            ("identifiers_primary", internal("two primary identifiers of one kind")),
            (
                "UNIQUE constraint failed: identifiers.user_id, identifiers.kind",
                internal("two primary identifiers of one kind"),
            ),
            ("users_pkey", StorageError::Conflict),
            ("UNIQUE constraint failed: users.id", StorageError::Conflict),
            ("UNIQUE constraint failed: audit_events.subject, audit_events.sequence", StorageError::Conflict),
        ] {
            assert_eq!(unique(violated), error, "{violated}");
        }
    }

    #[test]
    fn what_the_operator_has_to_change_is_not_worth_another_try() {
        let refused = |message: &str| ConnectError::Refused(message.to_owned());
        for lasting in [
            "FATAL:  password authentication failed for user \"ada\"",
            "FATAL:  database \"nowhere\" does not exist",
            "FATAL:  role \"nobody\" does not exist",
            "FATAL:  no pg_hba.conf entry for host \"::1\"",
            "invalid URI query parameter: \"sslmod\"",
            "x.db: file is not a database",
            "SSL error: certificate verify failed",
        ] {
            assert!(!refused(lasting).is_temporary(), "{lasting}");
        }
        for passing in [
            "connection to server at \"h\" failed: Connection refused",
            "FATAL:  the database system is starting up",
            "timeout expired",
            "could not translate host name \"db\" to address",
            "x.db: database or disk is full",
        ] {
            assert!(refused(passing).is_temporary(), "{passing}");
        }
        assert!(ConnectError::InUse("x.db".into()).is_temporary() && !ConnectError::NoFile.is_temporary());
    }

    #[test]
    fn errors_without_a_kind_are_told_by_their_words() {
        let kind_of = |message: &str| match by_message(message) {
            StorageError::Unavailable(_) => "unavailable",
            StorageError::Conflict => "conflict",
            StorageError::Internal(_) => "internal",
            StorageError::Taken(_) | StorageError::Schema(_) => "other",
        };
        assert_eq!(kind_of("deadlock detected"), "conflict");
        assert_eq!(kind_of("canceling statement due to lock timeout"), "conflict");
        assert_eq!(kind_of("database is locked"), "conflict");
        assert_eq!(kind_of("canceling statement due to statement timeout"), "unavailable");
        assert_eq!(kind_of("terminating connection due to administrator command"), "unavailable");
        for full in [
            "could not extend file \"base/16384/16397\": No space left on device",
            "could not extend file \"base/5/1\": wrote only 4096 of 8192 bytes at block 7",
            "could not write to file \"pg_wal/xlogtemp.1\": No space left on device",
            "could not read block 7 in file \"base/5/1\": Input/output error",
            "could not open file \"base/5/1\": Too many open files",
            "could not fsync file \"base/1\": Input/output error",
            "could not open file \"base/1\": Read-only file system",
            "database or disk is full",
            "disk I/O error",
            "attempt to write a readonly database",
            "sorry, too many clients already",
            "remaining connection slots are reserved for roles with the SUPERUSER attribute",
            "out of memory",
            "out of shared memory",
            "temporary file size exceeds temp_file_limit (1kB)",
        ] {
            assert_eq!(kind_of(full), "unavailable", "{full}");
        }
        for damaged in [
            "could not open file \"base/16384/16397\": No such file or directory",
            "could not read block 7 in file \"base/5/1\": read only 0 of 8192 bytes",
            "invalid page in block 7 of relation base/5/1",
            "database disk image is malformed",
        ] {
            assert_eq!(kind_of(damaged), "internal", "{damaged}");
        }
        assert_eq!(kind_of("syntax error at or near \"SELEC\""), "internal");
    }

    #[test]
    fn the_status_of_a_transaction_is_unavailable_only_for_lack_of_resources() {
        let message = "could not access status of transaction 1234";
        for (details, is_unavailable) in [
            (Some("Could not write to file \"pg_xact/0000\": No space left on device"), true),
            (Some("Could not open file \"pg_xact/0000\": No such file or directory."), false),
            (None, false),
        ] {
            let error = by_kind(DatabaseErrorKind::Unknown, &Told { message, details });
            assert_eq!(matches!(error, StorageError::Unavailable(_)), is_unavailable, "{details:?}");
        }
    }

    struct Told {
        message: &'static str,
        details: Option<&'static str>,
    }

    impl DatabaseErrorInformation for Told {
        fn message(&self) -> &str {
            self.message
        }
        fn details(&self) -> Option<&str> {
            self.details
        }
        fn hint(&self) -> Option<&str> {
            None
        }
        fn table_name(&self) -> Option<&str> {
            None
        }
        fn column_name(&self) -> Option<&str> {
            None
        }
        fn constraint_name(&self) -> Option<&str> {
            None
        }
        fn statement_position(&self) -> Option<i32> {
            None
        }
    }
}
