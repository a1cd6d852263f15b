//! SQL types that the two databases write differently, under one name for both: `timestamptz` and `jsonb` on PostgreSQL,
//! text on SQLite.
//!
//! An instant is RFC 3339 text of a fixed width there, in microseconds as PostgreSQL keeps them, so that the order of
//! the texts is the order of the instants.

use chrono::{DateTime, Utc};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, FromSqlRow},
    expression::AsExpression,
    pg::Pg,
    query_builder::QueryId,
    serialize::{self, IsNull, Output, ToSql},
    sql_types::{self as builtin, HasSqlType, SqlType},
    sqlite::Sqlite,
};
use serde_json::Value;

use crate::connection::MultiBackend;

/// The SQL type of an instant: [`At`].
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185), sqlite_type(name = "Text"))]
pub struct Instant;

impl builtin::SqlOrd for Instant {}

/// The SQL type of a JSON value: [`Json`].
#[derive(Clone, Copy, Debug, Default, SqlType, QueryId)]
#[diesel(postgres_type(oid = 3802, array_oid = 3807), sqlite_type(name = "Text"))]
pub struct Jsonb;

/// An instant, for a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Instant)]
pub(crate) struct At(pub(crate) DateTime<Utc>);

/// A JSON value, for a column.
#[derive(Clone, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
pub(crate) struct Json(pub(crate) Value);

const INSTANT_FORMAT: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";

/// What every pair of a SQL type and its Rust type needs in order to go through either connection and through the enum
/// of both. How SQLite writes and reads it is all that differs.
macro_rules! either_backend {
    ($sql:ty, $rust:ident($inner:ty), postgres as $builtin:ty, sqlite $write:expr, $read:expr) => {
        impl HasSqlType<$sql> for MultiBackend {
            fn metadata(lookup: &mut Self::MetadataLookup) -> Self::TypeMetadata {
                Self::lookup_sql_type::<$sql>(lookup)
            }
        }

        impl ToSql<$sql, Pg> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                ToSql::<$builtin, Pg>::to_sql(&self.0, out)
            }
        }

        impl ToSql<$sql, Sqlite> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                let write: fn(&$inner) -> String = $write;
                out.set_value(write(&self.0));
                Ok(IsNull::No)
            }
        }

        impl ToSql<$sql, MultiBackend> for $rust {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
                out.set_value((<$sql>::default(), self));
                Ok(IsNull::No)
            }
        }

        impl FromSql<$sql, Pg> for $rust {
            fn from_sql(bytes: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                FromSql::<$builtin, Pg>::from_sql(bytes).map(Self)
            }
        }

        impl FromSql<$sql, Sqlite> for $rust {
            fn from_sql(bytes: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                let text: String = FromSql::<builtin::Text, Sqlite>::from_sql(bytes)?;
                let read: fn(&str) -> deserialize::Result<$inner> = $read;
                read(&text).map(Self)
            }
        }

        impl FromSql<$sql, MultiBackend> for $rust {
            fn from_sql(bytes: <MultiBackend as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                bytes.from_sql::<Self, $sql>()
            }
        }
    };
}

either_backend!(
    Instant,
    At(DateTime<Utc>),
    postgres as builtin::Timestamptz,
    sqlite | instant | instant.format(INSTANT_FORMAT).to_string(),
    |text| Ok(DateTime::parse_from_rfc3339(text)?.to_utc())
);

either_backend!(
    Jsonb, Json(Value),
    postgres as builtin::Jsonb,
    sqlite Value::to_string,
    |text| Ok(serde_json::from_str(text)?)
);
