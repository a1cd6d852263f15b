//! Executes requests. On SQLite one process has the database: if that is a running server, it executes the request,
//! over its control socket. Otherwise, and on PostgreSQL always, this process does. Both call [`Request::execute`].

use std::sync::Arc;

use selfsame_application::Core;

use super::{bring_up_to_date, composition_failed, fail, reply::Reply, request::Request};
use crate::{
    cli::Exit,
    compose::compose,
    control::{self, SendError},
    settings::schema::Settings,
};

/// Executes requests, in this process or in a running server.
pub(super) struct Executor<'s> {
    settings: &'s Settings,
    /// This process's core, opened when it is first needed.
    core: Option<Arc<Core>>,
}

impl<'s> Executor<'s> {
    /// Opens nothing yet.
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, core: None }
    }

    /// Executes a request. `Err` if that is not possible, which was reported on standard error.
    pub(super) fn execute(&mut self, request: &Request) -> Result<Reply, Exit> {
        if self.core.is_none()
            && let Some(reply) = self.ask_server(request)?
        {
            return Ok(reply);
        }
        Ok(request.execute(&*self.core()?))
    }

    /// The reply of the running server, if there is one with this database.
    fn ask_server(&self, request: &Request) -> Result<Option<Reply>, Exit> {
        let Some(database) = control::database_file(self.settings) else {
            return Ok(None);
        };
        control::send(&self.settings.data_dir, database, request).map_err(|error| {
            let exit = fail(&error.to_string());
            if matches!(error, SendError::NotSent(_)) { Exit::Temporary } else { exit }
        })
    }

    fn core(&mut self) -> Result<Arc<Core>, Exit> {
        if let Some(core) = &self.core {
            return Ok(Arc::clone(core));
        }
        let composed = compose(self.settings).map_err(|error| composition_failed(&error))?;
        bring_up_to_date(self.settings, &composed)?;
        Ok(Arc::clone(self.core.insert(composed.core)))
    }
}
