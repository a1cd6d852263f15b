//! What the contracts' handlers work with: the application core, ready to answer.

use std::sync::Arc;

use selfsame_application::Core;

use crate::contracts::{rivergen::RiverGenOptions, wacht::WachtOptions};

/// The application as handlers see it. Ask for it as `web::Data<Services>`, and run a use case in a lane:
///
/// ```ignore
/// let core = Arc::clone(&services.core);
/// lanes.run(Lane::Database, move || question.execute(&core)).await?
/// ```
///
/// What a contract needs besides (words, addresses, lives of its tokens) is one more field here.
#[derive(Clone)]
pub struct Services {
    /// Ports and policies that every use case stands on.
    pub core: Arc<Core>,
    /// What the operator decides about the RiverGen contract.
    pub rivergen: RiverGenOptions,
    /// What the Wacht contract tells its SDK.
    pub wacht: WachtOptions,
}

impl Services {
    /// The application, with every contract as shipped.
    pub fn new(core: Arc<Core>) -> Self {
        Self { core, rivergen: RiverGenOptions::default(), wacht: WachtOptions::default() }
    }
}
