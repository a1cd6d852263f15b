//! What the operator asks on the command line.

mod delete_user;
mod list_users;
pub mod outbox;
mod revoke_sign_ins;
mod set_password;
pub mod users;
mod verify_address;

pub use delete_user::DeleteUser;
pub use list_users::{ListUsers, MAX_PAGE, UserPage};
pub use revoke_sign_ins::RevokeSignIns;
pub use set_password::SetPassword;
pub use verify_address::VerifyAddress;
