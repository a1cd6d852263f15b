//! A unit of work: a copy of the tables, and the writer's turn for as long as it lives.

use selfsame_ports::{
    Accounts, Audit, Consents, Devices, Exports, ExternalIdentities, IdempotencyKeys, Outbox, Passkeys, Proofs,
    SecondFactors, Sessions, StorageError, UndoPoints, UnitOfWork, WebhookEvents,
};

use super::{MemoryStorage, locked, tables::Tables, turn::Turn};

/// One unit. It is every repository at once.
pub(super) struct MemoryUnit<'s> {
    storage: &'s MemoryStorage,
    tables: Tables,
    has_failed: bool,
    _turn: Turn<'s>,
}

impl<'s> MemoryUnit<'s> {
    /// Waits for the turn, and copies the tables then.
    pub(super) fn begin(storage: &'s MemoryStorage) -> Self {
        let turn = storage.turns.take();
        Self { storage, tables: locked(&storage.committed).clone(), has_failed: false, _turn: turn }
    }

    /// Runs one statement, unless there is an outage or an earlier one failed.
    pub(super) fn run<T>(
        &mut self,
        statement: impl FnOnce(&mut Tables) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.usable()?;
        let done = self.storage.up().and_then(|()| statement(&mut self.tables));
        self.has_failed = done.is_err();
        done
    }

    fn usable(&self) -> Result<(), StorageError> {
        if self.has_failed {
            let why = "a statement of this unit failed: it can only be dropped";
            return Err(StorageError::Internal(why.to_owned()));
        }
        Ok(())
    }
}

impl UnitOfWork for MemoryUnit<'_> {
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
        self.usable()?;
        self.storage.up()?;
        let mut faults = locked(&self.storage.faults);
        faults.commits.pop_front().unwrap_or(Ok(()))?;
        faults.committed += 1;
        *locked(&self.storage.committed) = self.tables;
        Ok(())
    }
}
