//! "This was not me": undoes a change by the link of its notice.
//!
//! # Points and links
//! Every notice of a change goes through `Core::notify`, which needs the state before the change: identifiers, password
//! hash, authenticator app, phone number of text messages, backup codes, passkeys, policy of second factors. That state is kept, sealed, as an
//! [`UndoPoint`] for `undo.ttl`, and the notice gets a link to it. The number of points is bounded by the budgets of the
//! changes and their notices, the size of each by the limits of an account. A change beyond the budget has no notice and
//! no point; links to earlier points undo it too.
//!
//! # Who gets a link
//! E-mail addresses that were proven before the change and are established: proven at least `undo.ttl` ago, and at least
//! `undo.new_credential_hold`. Until then the link of an older address can still undo that this one was added, so it has no
//! say against the older one. If no address is established, the one that was proven first gets the link. All others get the
//! notice without one. The notice of an undo itself has no link, so an undo cannot be undone.
//!
//! # What an undo does
//! [`UndoChange`] restores the state before the change, so it undoes that change and all later ones. It ends every sign-in,
//! forgets remembered devices, voids attempts, codes, resets, pending changes of address and ceremonies, calls a scheduled
//! deletion off, and freezes the account. It mails a reset to the primary address, and tells the addresses from before and
//! after the undo. Profile, username and picture stay as they are.
//!
//! [`PreviewUndo`] tells the holder of a link before what it will do, by the same plan. What the account had before
//! the change is told in full: the link went only to addresses that were proven then. Addresses and numbers that came later
//! are masked, as in their notices; no secret is told.
//!
//! # Several links
//! * A link works once, also in twenty parallel requests, and not after `undo.ttl`.
//! * Points are ordered by their place in the audit chain. An undo removes its own point and all later ones. So the other
//!   links of this change and the links of later changes are void, whoever has them; links of earlier changes still work,
//!   while the account is frozen too.
//! * An attacker who adds an address gets no link that is older than the addition. The link of the addition, or of any change
//!   before it, voids all that the attacker has.
//! * Who can read an established address can undo a change that its owner made. Then the owner is told at the other addresses,
//!   and the operator decides: `selfsame user unfreeze`, `selfsame user set-password`.
//!
//! # What comes back, and what does not
//! * An identifier or passkey that another account has proven or registered meanwhile stays there.
//! * An address that was not established at the change must be proven again: it may be the attacker's, also where the link of a
//!   later step of a takeover was used. If it was primary, or the primary one is another account's by now, the established
//!   address that was proven first becomes primary. Without any, nobody can reset the password, and the operator helps.
//! * A phone number, passkey or authenticator app that was not established at the change may be the attacker's for the same reason: the
//!   number must be proven again, and the passkey or app is removed. What applications were allowed since then is withdrawn too.
//! * Backup codes are those of the point. It is not known when they were made, so the owner makes new ones after a takeover. A
//!   backup code that was used does not come back, and no code of an authenticator app up to the instant of the undo is
//!   accepted (R29, R30).
//! * The restored password may be known to the attacker. It can neither be used while the account is frozen, nor be chosen
//!   again at the reset.
//!
//! # The freeze
//! A frozen account has no sign-in and gets none, so nothing of it can be changed, deleted or exported; a right password
//! or passkey is answered with [`Fault::Frozen`](crate::Fault::Frozen). It ends with a reset of the password by the primary
//! address, or by the operator.
//!
//! [`UndoPoint`]: selfsame_domain::UndoPoint

pub(crate) mod before;
mod effects;
pub(crate) mod freeze;
pub(crate) mod hold;
mod preview;
mod restore;
mod snapshot;
mod undo_change;

pub use effects::{Effect, EffectKind};
pub use preview::{PreviewUndo, UndoPreview};
pub use undo_change::{UndoChange, UndoChangeError, Undone};
