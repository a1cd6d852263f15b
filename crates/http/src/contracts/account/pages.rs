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
const LIMITS: std::ops::RangeInclusive<usize> = 1..=100;

/// The place of an item in its list, which is in descending order of places.
pub(super) type Place = (i64, i64);

/// The parameters of a list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PageQuery {
    pub(super) limit: Option<String>,
    pub(super) cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    /// Its items.
    pub(super) items: Vec<T>,
    /// The cursor of the next page.
    next: Option<String>,
    limit: usize,
}

impl PageQuery {
    /// The page of a list in descending order of places.
    pub(super) fn page<T>(&self, items: Vec<T>, place: impl Fn(&T) -> Place) -> Result<Page<T>, Rejection<Account>> {
        let (limit, after) = (self.limit()?, self.after()?);
        let mut rest = items.into_iter().filter(|item| after.is_none_or(|after| place(item) < after));
        let items: Vec<T> = rest.by_ref().take(limit).collect();
        let has_more = rest.next().is_some();
        let next = items.last().filter(|_| has_more).map(|last| encoded(place(last)));
        Ok(Page { items, next, limit })
    }

    /// The greatest number of items.
    pub(super) fn limit(&self) -> Result<usize, Rejection<Account>> {
        match &self.limit {
            None => Ok(*LIMITS.end()),
            Some(limit) => Ok(limit.parse().ok().filter(|limit| LIMITS.contains(limit)).ok_or(INVALID_LIMIT)?),
        }
    }

    /// The place after which the page begins.
    pub(super) fn after(&self) -> Result<Option<Place>, Rejection<Account>> {
        Ok(self.cursor.as_deref().map(|cursor| decoded(cursor).ok_or(INVALID_CURSOR)).transpose()?)
    }
}

impl<T> Page<T> {
    /// A page that was read as such. `next` is the place of its end, if there is another page.
    pub(super) fn new(items: Vec<T>, next: Option<Place>, limit: usize) -> Self {
        Self { items, next: next.map(encoded), limit }
    }

    /// The page with other items.
    pub(super) fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(item).collect(), next: self.next, limit: self.limit }
    }

    /// The value of `Link`, with the first and the next page of a list at `path`, and the items.
    pub(super) fn into_parts(self, path: &str) -> (HeaderValue, Vec<T>) {
        self.into_filtered_parts(path, &[])
    }

    /// The same for a list with more parameters.
    pub(super) fn into_filtered_parts(self, path: &str, filters: &[(&str, &str)]) -> (HeaderValue, Vec<T>) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let limit = query.extend_pairs(filters).append_pair("limit", &self.limit.to_string()).finish();
        let first = format!("<{path}?{limit}>; rel=\"first\"");
        let next = self.next.as_ref().map(|cursor| format!("<{path}?{limit}&cursor={cursor}>; rel=\"next\""));
        let links: Vec<String> = std::iter::once(first).chain(next).collect();
        let links = HeaderValue::from_str(&links.join(", ")).unwrap_or(HeaderValue::from_static(""));
        (links, self.items)
    }
}

fn encoded((major, minor): Place) -> String {
    URL_SAFE_NO_PAD.encode([major.to_be_bytes(), minor.to_be_bytes()].concat())
}

fn decoded(cursor: &str) -> Option<Place> {
    let bytes: [u8; 16] = URL_SAFE_NO_PAD.decode(cursor).ok()?.try_into().ok()?;
    let (major, minor) = bytes.split_at(8);
    Some((i64::from_be_bytes(major.try_into().ok()?), i64::from_be_bytes(minor.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(limit: Option<&str>, cursor: Option<&str>) -> PageQuery {
        PageQuery { limit: limit.map(ToOwned::to_owned), cursor: cursor.map(ToOwned::to_owned) }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap_also_when_items_come_and_go() {
        let place = |item: &i64| (*item / 2, *item % 2);
        let mut items: Vec<i64> = (0..25).rev().collect();
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = query(Some("10"), cursor.as_deref()).page(items.clone(), place).unwrap();
            seen.extend(page.items);
            items.retain(|item| *item != 20);
            items.insert(0, 99);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, (0..25).rev().collect::<Vec<_>>());
    }

    #[test]
    fn a_limit_is_1_to_100_and_a_cursor_one_that_was_handed_out() {
        for limit in ["0", "101", "-1", "ten", ""] {
            let refused = query(Some(limit), None).page(vec![1_i64], |item| (*item, 0));
            assert_eq!(refused.unwrap_err().reason(), INVALID_LIMIT, "{limit}");
        }
        for cursor in ["", "x", "AAAA", "not base64"] {
            let refused = query(None, Some(cursor)).page(vec![1_i64], |item| (*item, 0));
            assert_eq!(refused.unwrap_err().reason(), INVALID_CURSOR, "{cursor}");
        }
    }
}
