//! Deletes archives that have expired, and those of exports that took too long.

use selfsame_domain::{Export, Instant, RequestContext};
use selfsame_ports::StorageError;

use crate::{Core, Fault};

/// Deletes up to `limit` archives; returns how many. Their exports stay for a while, as expired or failed.
pub(crate) fn delete_expired(core: &Core, now: Instant, limit: i64) -> Result<usize, Fault> {
    let expired = core.storage.read()?.expired_exports(now, limit)?;
    for export in &expired {
        let Some(archive) = &export.archive else { continue };
        core.delete_archive(&archive.name)?;
        core.unit::<_, Fault>(&RequestContext::default(), |work| {
            let is_same = |stored: &Export| stored.archive == export.archive && stored.expires_at <= now;
            let stored: Result<_, StorageError> = work.exports().lock(export.id);
            if let Some(stored) = stored?.filter(is_same) {
                work.exports().save(&Export { archive: None, ..stored })?;
            }
            Ok(())
        })?;
    }
    Ok(expired.len())
}
