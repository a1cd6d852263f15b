//! A unit of work: one [`Transaction`], and every repository over it, each in its own file.

use diesel::QueryResult;
use selfsame_ports::{
    Accounts, Audit, Consents, Devices, Exports, ExternalIdentities, IdempotencyKeys, Outbox, Passkeys, Proofs,
    SecondFactors, Sessions, StorageError, UndoPoints, UnitOfWork, WebhookEvents,
};

use crate::{
    connection::AnyConnection,
    transaction::{Access, Transaction},
};

/// One transaction. It implements every repository.
pub(crate) struct Unit(Transaction);

impl Unit {
    pub(crate) fn new(access: Access) -> Self {
        Self(Transaction::new(access))
    }

    /// See [`Transaction::run`].
    pub(crate) fn run<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        self.0.run(work)
    }
}

impl UnitOfWork for Unit {
    fn accounts(&mut self) -> &mut dyn Accounts {
        self
    }

    fn sessions(&mut self) -> &mut dyn Sessions {
        self
    }

    fn proofs(&mut self) -> &mut dyn Proofs {
        self
    }

    fn second_factors(&mut self) -> &mut dyn SecondFactors {
        self
    }

    fn passkeys(&mut self) -> &mut dyn Passkeys {
        self
    }

    fn devices(&mut self) -> &mut dyn Devices {
        self
    }

    fn consents(&mut self) -> &mut dyn Consents {
        self
    }

    fn external_identities(&mut self) -> &mut dyn ExternalIdentities {
        self
    }

    fn undo_points(&mut self) -> &mut dyn UndoPoints {
        self
    }

    fn audit(&mut self) -> &mut dyn Audit {
        self
    }

    fn exports(&mut self) -> &mut dyn Exports {
        self
    }

    fn outbox(&mut self) -> &mut dyn Outbox {
        self
    }

    fn idempotency_keys(&mut self) -> &mut dyn IdempotencyKeys {
        self
    }

    fn webhook_events(&mut self) -> &mut dyn WebhookEvents {
        self
    }

    fn commit(self: Box<Self>) -> Result<(), StorageError> {
        self.0.commit()
    }
}
