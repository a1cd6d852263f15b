//! The services of the handlers: the application core, and the options of the contracts.

use std::sync::Arc;

use selfsame_application::Core;

use crate::contracts::{account::AccountOptions, rivergen::RiverGenOptions, wacht::WachtOptions};

/// The services of the handlers. Options of another contract are one more field here.
#[derive(Clone)]
pub struct Services {
    /// The application core.
    pub core: Arc<Core>,
    /// The options of the account contract.
    pub account: AccountOptions,
    /// The options of the RiverGen contract.
    pub rivergen: RiverGenOptions,
    /// The options of the Wacht contract.
    pub wacht: WachtOptions,
}

impl Services {
    /// The core, with the default options of every contract.
    pub fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            account: AccountOptions::default(),
            rivergen: RiverGenOptions::default(),
            wacht: WachtOptions::default(),
        }
    }
}
