//! Verifies a receipt that the caller has kept (R80).

use selfsame_domain::{AuditReceipt, ReceiptFlaw};

use super::read::record_at;
use crate::{Caller, Core, Fault};

/// Asks whether the record of a receipt is still in the caller's trail, as it was written.
#[derive(Clone, Copy, Debug)]
pub struct VerifyReceipt {
    /// The receipt.
    pub receipt: AuditReceipt,
}

/// Why a receipt was not verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyReceiptError {
    /// It is of another account.
    #[error("the receipt is of another account")]
    NotOwned,
    /// Unavailable, or an internal fault.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl VerifyReceipt {
    /// Checks the record and that it follows the one before. The whole chain is checked by
    /// [`VerifyAudit`](crate::operator::audit::VerifyAudit).
    pub fn execute(&self, core: &Core, caller: &Caller) -> Result<Result<(), ReceiptFlaw>, VerifyReceiptError> {
        if self.receipt.account != caller.user.id {
            return Err(VerifyReceiptError::NotOwned);
        }
        Ok(self.check(core)?)
    }

    /// The same for the operator, who may ask for any account.
    pub(crate) fn check(&self, core: &Core) -> Result<Result<(), ReceiptFlaw>, Fault> {
        let AuditReceipt { account, sequence, .. } = self.receipt;
        let (record, previous) = record_at(&mut *core.storage.read()?, account, sequence)?;
        let mac = |context: &str, data: &[u8]| core.vault.mac(context, data);
        Ok(self.receipt.check(record.as_ref(), previous.as_ref(), &mac))
    }
}
