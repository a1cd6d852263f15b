//! Pages of lists that can grow: `limit`, an opaque `cursor`, and `Link` (RFC 8288).
//!
//! A cursor is the place of the last item of a page, so that an item which comes or goes moves no other one to another
//! page. Clients must not read it.

use actix_web::http::header::HeaderValue;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::{
    Account,
    reasons::{INVALID_CURSOR, INVALID_LIMIT},
};
use crate::rejection::Rejection;

/// Items of a page.
const LIMITS: std::ops::RangeInclusive<u16> = 1..=MAX_LIMIT;

/// Items of the largest page, which is also the default.
pub(super) const MAX_LIMIT: u16 = 100;

/// The end of the year 9999.
const LAST_MICROSECOND: i64 = 253_402_300_799_999_999;

/// The place of an item in its list, which is in descending order of places: its instant, in microseconds of Unix time, and
/// its id, or its number and 0.
pub(super) type Place = (i64, i64);

/// The parameters of a list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageQuery {
    pub(super) limit: Option<String>,
    pub(super) cursor: Option<String>,
}

/// A page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    /// The place at which the page before it ended; none for the first page.
    pub(super) after: Option<Place>,
    /// The greatest number of items.
    pub(super) limit: u16,
}

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    /// What was asked for.
    pub(super) request: PageRequest,
    /// Its items.
    pub(super) items: Vec<T>,
    /// The place at which it ends; none if it is the last page.
    pub(super) next: Option<Place>,
}

impl PageQuery {
    /// The page, if the parameters are valid.
    pub(super) fn read(&self) -> Result<PageRequest, Rejection<Account>> {
        let limit = match &self.limit {
            None => MAX_LIMIT,
            Some(limit) => limit.parse().ok().filter(|limit| LIMITS.contains(limit)).ok_or(INVALID_LIMIT)?,
        };
        let after = self.cursor.as_deref().map(|cursor| decoded(cursor).ok_or(INVALID_CURSOR)).transpose()?;
        Ok(PageRequest { after, limit })
    }
}

impl<T> Page<T> {
    /// The value of `Link`, with the first and the next page of a list at `path`, and the items.
    pub(super) fn into_parts(self, path: &str) -> (HeaderValue, Vec<T>) {
        self.into_filtered_parts(path, &[])
    }

    /// The same for a list with more parameters.
    pub(super) fn into_filtered_parts(self, path: &str, filters: &[(&str, &str)]) -> (HeaderValue, Vec<T>) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(filters).append_pair("limit", &self.request.limit.to_string()).finish();
        let first = format!("<{path}?{query}>; rel=\"first\"");
        let next = self.next.map(|next| format!("<{path}?{query}&cursor={}>; rel=\"next\"", encoded(next)));
        let links: Vec<String> = std::iter::once(first).chain(next).collect();
        let links = HeaderValue::from_str(&links.join(", ")).unwrap_or(HeaderValue::from_static(""));
        (links, self.items)
    }
}

fn encoded((instant, id): Place) -> String {
    URL_SAFE_NO_PAD.encode([instant.to_be_bytes(), id.to_be_bytes()].concat())
}

/// Instants of four-digit years: those that both databases compare.
fn decoded(cursor: &str) -> Option<Place> {
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(cursor).ok()?.try_into().ok()?;
    let (instant, id) = bytes.split_at(8);
    let instant = i64::from_be_bytes(instant.try_into().ok()?);
    let is_usual = (0..=LAST_MICROSECOND).contains(&instant);
    Some((instant, i64::from_be_bytes(id.try_into().ok()?))).filter(|_| is_usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: Option<&str>, cursor: Option<&str>) -> PageQuery {
        PageQuery { limit: limit.map(ToOwned::to_owned), cursor: cursor.map(ToOwned::to_owned) }
    }

    #[test]
    fn the_cursor_of_a_page_is_where_the_next_one_begins() {
        let next = Some((1_773_500_966_535_000, 445_301_278_613_502));
        let request = query(Some("10"), None).read().unwrap();
        let (links, items) = Page { request, items: vec!["item"], next }.into_parts("/list");
        assert_eq!(items, ["item"]);
        let links = links.to_str().unwrap();
        let cursor = links.split_once("cursor=").unwrap().1.split_once('>').unwrap().0;
        assert!(links.starts_with("</list?limit=10>; rel=\"first\", </list?limit=10&cursor="), "{links}");
        assert_eq!(query(Some("10"), Some(cursor)).read().unwrap(), PageRequest { after: next, limit: 10 });
        assert_eq!(query(None, None).read().unwrap(), PageRequest { after: None, limit: 100 });
    }

    #[test]
    fn a_limit_is_1_to_100_and_a_cursor_one_that_was_handed_out() {
        for limit in ["0", "101", "-1", "ten", ""] {
            let refused = query(Some(limit), None).read();
            assert_eq!(refused.unwrap_err().reason(), INVALID_LIMIT, "{limit}");
        }
        let (before_1970, after_9999) = (encoded((-1, 1)), encoded((i64::MAX, 1)));
        for cursor in ["", "x", "AAAA", "not base64", &before_1970, &after_9999] {
            let refused = query(None, Some(cursor)).read();
            assert_eq!(refused.unwrap_err().reason(), INVALID_CURSOR, "{cursor}");
        }
    }
}
