//! Where a request is answered. On SQLite one process has the database: if that is a running server, it answers over its
//! control socket. Everywhere else, and on PostgreSQL always, this process answers. Either way the request ends in the same
//! [`Request::execute`].

use std::sync::Arc;

use selfsame_application::Core;

use super::{bring_up_to_date, composition_failed, fail, reply::Reply, request::Request};
use crate::{
    cli::Exit,
    compose::compose,
    control::{self, AskError},
    settings::schema::Settings,
};

/// Answers requests.
pub(super) struct Executor<'s> {
    settings: &'s Settings,
    /// This process's own core, once it was needed.
    core: Option<Arc<Core>>,
}

impl<'s> Executor<'s> {
    /// Opens nothing yet.
    pub(super) fn new(settings: &'s Settings) -> Self {
        Self { settings, core: None }
    }

    /// Has a request answered. `Err` if there is nobody to answer it, which was said on standard error.
    pub(super) fn execute(&mut self, request: &Request) -> Result<Reply, Exit> {
        if self.core.is_none()
            && let Some(reply) = self.ask_server(request)?
        {
            return Ok(reply);
        }
        Ok(request.execute(&*self.core()?))
    }

    /// The running server's answer, if there is a server that has this database.
    fn ask_server(&self, request: &Request) -> Result<Option<Reply>, Exit> {
        let Some(database) = control::database_file(self.settings) else {
            return Ok(None);
        };
        control::ask(&self.settings.data_dir, database, request).map_err(|error| {
            let exit = fail(&error.to_string());
            if matches!(error, AskError::NotSent(_)) { Exit::Temporary } else { exit }
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
