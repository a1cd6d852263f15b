//! Exports, and the names of their archives.

use selfsame_domain::{Archive, Export, ExportState, User};
use selfsame_ports::{Storage, StorageError};

use super::support::{once, read, unit};
use crate::builders::{a_user, an_export, t0, t0_plus};

fn stored(storage: &dyn Storage, export: Export) -> Export {
    unit(storage, |unit| unit.exports().insert(&export));
    export
}

fn with_archive(user: &User, name: &str) -> Export {
    let archive = Archive { name: name.to_owned(), parts: 3, bytes: 2_500_000 };
    Export { state: ExportState::Ready, progress: 100, archive: Some(archive), ..an_export(user) }
}

fn listed(storage: &dyn Storage, user: &User) -> Vec<Export> {
    read(storage, |queries| queries.exports(user.id, 100))
}

pub fn an_export_reads_back_as_it_was_inserted_and_saved(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let export = stored(storage, an_export(&ada));
    let found = |user: &User| read(storage, |queries| queries.export(user.id, export.id));
    assert_eq!((found(&ada), found(&grace)), (Some(export.clone()), None));
    for state in [ExportState::Running, ExportState::Failed, ExportState::Ready] {
        let archive = (state != ExportState::Failed).then(|| Archive { name: "ab".repeat(16), parts: 2, bytes: 9 });
        let saved = Export {
            state,
            progress: 40,
            archive,
            finished_at: Some(t0_plus(5)),
            expires_at: t0_plus(9),
            ..export.clone()
        };
        unit(storage, |unit| unit.exports().save(&saved));
        assert_eq!(found(&ada), Some(saved.clone()));
        assert_eq!(unit(storage, |unit| unit.exports().lock(export.id)), Some(saved));
    }
}

pub fn the_exports_of_an_account_are_listed_the_newest_first_and_go_with_it(storage: &dyn Storage) {
    let (ada, grace) = (a_user().stored_in(storage), a_user().stored_in(storage));
    let [older, newer] = [(); 2].map(|()| stored(storage, an_export(&ada)));
    let other = stored(storage, an_export(&grace));
    assert_eq!(listed(storage, &ada), [newer.clone(), older.clone()]);
    assert_eq!(read(storage, |queries| queries.exports(ada.id, 1)), std::slice::from_ref(&newer));
    assert_eq!(unit(storage, |unit| unit.exports().of_user(ada.id)), [newer.clone(), older]);
    assert!(unit(storage, |unit| unit.exports().remove(newer.id)));
    assert!(!unit(storage, |unit| unit.exports().remove(newer.id)));
    unit(storage, |unit| unit.accounts().delete(ada.id));
    assert_eq!((listed(storage, &ada), listed(storage, &grace)), (vec![], vec![other]));
}

pub fn an_export_or_archive_that_is_in_use_is_a_conflict(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let export = stored(storage, with_archive(&user, "a"));
    let gone = an_export(&a_user().build());
    for refused in [export, with_archive(&user, "a"), gone.clone()] {
        let done = once(storage, |unit| unit.exports().insert(&refused));
        assert_eq!(done, Err(StorageError::Conflict));
    }
    assert_eq!(once(storage, |unit| unit.exports().save(&gone)), Err(StorageError::Conflict));
}

pub fn r78_archives_are_in_use_until_their_export_has_none_any_more(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let export = stored(storage, with_archive(&user, "a"));
    stored(storage, an_export(&user));
    let names = ["a", "b"].map(ToOwned::to_owned);
    let in_use = || read(storage, |queries| queries.archives_in_use(&names));
    assert_eq!(in_use(), ["a"]);
    assert_eq!(read(storage, |queries| queries.archives_in_use(&[])), Vec::<String>::new());
    unit(storage, |unit| unit.exports().save(&Export { archive: None, ..export.clone() }));
    assert_eq!(in_use(), Vec::<String>::new());
}

pub fn exports_that_expired_are_found_while_they_have_an_archive_and_purged_then(storage: &dyn Storage) {
    let user = a_user().stored_in(storage);
    let expiring =
        |name: &str, seconds| stored(storage, Export { expires_at: t0_plus(seconds), ..with_archive(&user, name) });
    let (later, earlier, _) = (expiring("a", 0), expiring("b", -1), expiring("c", 1));
    let expired = |limit| read(storage, |queries| queries.expired_exports(t0(), limit));
    assert_eq!(expired(10), [earlier.clone(), later.clone()]);
    assert_eq!(expired(1), std::slice::from_ref(&earlier));
    let purge = |seconds| unit(storage, |unit| unit.exports().purge(t0_plus(seconds), 1));
    assert_eq!(purge(60), 0, "their archives come first");
    for export in [earlier, later] {
        unit(storage, |unit| unit.exports().save(&Export { archive: None, ..export.clone() }));
    }
    assert_eq!(expired(10), []);
    assert_eq!([purge(0), purge(0), purge(1), purge(1)], [1, 0, 1, 0]);
    assert_eq!(listed(storage, &user).len(), 1);
}
