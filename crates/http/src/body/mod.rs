//! Request bodies in JSON, as a form or as multipart. They are received within limits (R84) and deadlines (R85), then
//! read member by member.
//!
//! Receiving is a function and not an extractor, because each contract decides when it reads a body: some authenticate
//! the caller first. A body is parsed in the lane of the use case, never on the event loop.

mod content;
mod error;
mod form;
mod json;
mod media_type;
mod members;
mod multipart;
mod receive;

pub(crate) use self::{
    content::Content,
    error::{BodyError, Malformed},
    media_type::MediaType,
    members::{InvalidBody, InvalidMember, MemberProblem, MemberType, Members, Style},
    receive::{LargeBodies, SendingAccount, read},
};

/// Maximum number of members in a body (R84).
const MAX_MEMBERS: usize = 1000;
/// Maximum length of a member's name, in characters.
const MAX_NAME: usize = 128;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
