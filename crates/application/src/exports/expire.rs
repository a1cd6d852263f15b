//! Deletes archives that have expired, and those of exports that took too long.

use selfsame_domain::{Archive, Export, Instant, RequestContext};

use crate::{Core, Fault};

/// Deletes up to `limit` archives; returns how many. Their exports stay for a while, as expired or failed. An export lets go of
/// its archive first, so that a worker that is still at it stops, and no export ever has an archive without its parts.
pub(crate) fn delete_expired(core: &Core, now: Instant, limit: i64) -> Result<usize, Fault> {
    let expired = core.storage.read()?.expired_exports(now, limit)?;
    for export in &expired {
        if let Some(archive) = let_go(core, export, now)? {
            core.discard_archive(&archive.name);
        }
    }
    Ok(expired.len())
}

/// Takes the archive from an export, unless the export has changed since it was read.
fn let_go(core: &Core, export: &Export, now: Instant) -> Result<Option<Archive>, Fault> {
    core.unit::<_, Fault>(&RequestContext::default(), |work| {
        let is_same = |stored: &Export| stored.archive == export.archive && stored.expires_at <= now;
        let Some(mut stored) = work.exports().lock(export.id)?.filter(is_same) else { return Ok(None) };
        let archive = stored.archive.take();
        work.exports().save(&stored)?;
        Ok(archive)
    })
}
