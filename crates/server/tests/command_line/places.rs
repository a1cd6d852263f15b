//! The situations in which an operator gives a command: with the server stopped, and with it running, on each database.

use selfsame_testing::server::{Backend, backends};

use crate::{
    common::{App, app},
    shell::{DONE, Shell},
};

/// One of them.
pub(crate) struct Place {
    pub(crate) shell: Shell,
    /// The server, if it runs. On SQLite a command that succeeds was answered by it: it alone has the database.
    pub(crate) app: Option<App>,
}

/// All of them, one after the other.
pub(crate) fn places() -> impl Iterator<Item = Place> {
    let stopped = |backend: Backend| Place { shell: Shell::on(backend).migrated(), app: None };
    backends().into_iter().flat_map(move |backend| [false, true].map(|runs| (backend, runs))).map(
        move |(backend, runs)| {
            if runs { running(app(backend)) } else { stopped(backend) }
        },
    )
}

/// Those in which the server runs.
pub(crate) fn running_places() -> impl Iterator<Item = (Shell, App)> {
    backends().into_iter().map(|backend| {
        let app = app(backend);
        (Shell::beside(&app.server), app)
    })
}

fn running(app: App) -> Place {
    Place { shell: Shell::beside(&app.server), app: Some(app) }
}

impl Place {
    /// A user with a proven address and the usual password; the id.
    pub(crate) fn user(&self, email: &str) -> String {
        let created = self.shell.create(email).expect(DONE).json();
        created["id"].as_str().unwrap().to_owned()
    }
}
