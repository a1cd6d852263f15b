//! Instants on the wire.

pub(crate) use selfsame_domain::timestamp;
