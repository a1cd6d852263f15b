//! [`Places`] from a file in MaxMind's format (MMDB) with cities or countries. The file is read once and kept in memory.

#![cfg_attr(test, expect(clippy::unwrap_used, reason = "tests fail loudly"))]

use std::{net::IpAddr, path::Path};

use maxminddb::{MaxMindDbError, PathElement, Reader};
use selfsame_domain::Place;
use selfsame_ports::Places;

/// The places of one file.
pub struct MaxMindPlaces {
    reader: Reader<Vec<u8>>,
}

/// Why a file has no places.
#[derive(Debug, thiserror::Error)]
#[error("cannot be read as a file of places: {0}")]
pub struct OpenError(#[from] MaxMindDbError);

impl MaxMindPlaces {
    /// Reads a file.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { reader: Reader::open_readfile(path)? })
    }
}

impl Places for MaxMindPlaces {
    fn place(&self, ip: IpAddr, locale: Option<&str>) -> Option<Place> {
        let found = self.reader.lookup(ip).ok().filter(maxminddb::LookupResult::has_data)?;
        let text = |path: &[PathElement<'_>]| -> Option<String> { found.decode_path(path).ok().flatten() };
        let name = |path: &[PathElement<'_>]| {
            let in_language =
                |language| text(&[path, &[PathElement::Key("names"), PathElement::Key(language)]].concat());
            languages(locale).into_iter().find_map(in_language)
        };
        let region = [PathElement::Key("subdivisions"), PathElement::Index(0)];
        let country = [PathElement::Key("country")];
        let code = |path: &[PathElement<'_>]| text(&[path, &[PathElement::Key("iso_code")]].concat());
        let place = Place {
            city: name(&[PathElement::Key("city")]),
            region: name(&region),
            region_code: code(&region),
            country: name(&country),
            country_code: code(&country),
        };
        (place != Place::default()).then_some(place)
    }
}

/// The languages in which a place is looked for, in order: the whole tag, its language, English.
fn languages(locale: Option<&str>) -> Vec<&str> {
    let locale = locale.unwrap_or_default();
    let language = locale.split('-').next().unwrap_or_default();
    [locale, language, "en"].into_iter().filter(|language| !language.is_empty()).collect()
}

#[cfg(test)]
mod tests;
