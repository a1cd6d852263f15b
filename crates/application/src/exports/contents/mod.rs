//! What is in an archive: a ZIP file with the account as JSON and its schema, the same as a page to read, the activity as a
//! table, the picture, and a signed manifest. `docs/export.md` describes it for readers.
//!
//! The activity of an account can be long. It is read in pages, and every file is written as it is made, so the memory that
//! an export needs does not depend on the account.

mod bundle;
mod document;
mod facts;
mod page;
mod table;
mod trail;

use selfsame_domain::{Archive, Picture, UserId};

use self::{
    bundle::Bundle, document::write_document, facts::Facts, page::write_page, table::write_table, trail::Trail,
};
use super::{make::MakeError, parts::PartWriter};
use crate::Core;

/// The version of `account.json`. A change that an earlier reader would not understand is a new version.
const VERSION: u32 = 1;

/// The schema of `account.json` (JSON Schema 2020-12).
const SCHEMA: &str = include_str!("account.schema.json");

/// Told of the progress, in percent and below 100, at least once for each page of the activity. Its error ends the work.
pub(crate) type Advance<'a> = dyn FnMut(i32) -> Result<(), MakeError> + 'a;

/// Writes the archive of an account under this name. [`MakeError::Lost`] if there is no such account. After an error the
/// parts that were written stay; the caller deletes them.
pub(crate) fn write_archive(
    core: &Core,
    user: UserId,
    name: &str,
    advance: &mut Advance<'_>,
) -> Result<Archive, MakeError> {
    let exported_at = core.clock.now();
    let (facts, user) = Facts::read(core, user, exported_at)?.ok_or(MakeError::Lost)?;
    let mut trail = Trail::new(core, &user, advance);
    let mut bundle = Bundle::new(PartWriter::new(core, name), exported_at);
    bundle.add("account.json", |out| write_document(out, &facts, &mut trail))?;
    bundle.add("account.schema.json", |out| Ok(out.write_all(SCHEMA.as_bytes())?))?;
    bundle.add("index.html", |out| write_page(out, &core.policy.app_name, &facts, &mut trail))?;
    bundle.add("activity.csv", |out| write_table(out, &mut trail))?;
    if let (Some(file), Some(Picture::Stored(blob))) = (&facts.picture_file, &user.picture)
        && let Some(picture) = core.blobs.get(blob).map_err(crate::Fault::from)?
    {
        bundle.add(file, |out| Ok(out.write_all(&picture)?))?;
    }
    bundle.finish(core, &user)
}
