//! Places of IP addresses.

/// The place of an IP address, as far as it is known, in words of one language. A place without a city and a country is of
/// no use to anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The city.
    pub city: Option<String>,
    /// The region: a province or state.
    pub region: Option<String>,
    /// Its code within the country (ISO 3166-2).
    pub region_code: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// Its code (ISO 3166-1 alpha-2).
    pub country_code: Option<String>,
}

impl Place {
    /// City and country, or what is known of them.
    pub fn in_words(&self) -> Option<String> {
        let known: Vec<&str> = [&self.city, &self.country].into_iter().flatten().map(String::as_str).collect();
        (!known.is_empty()).then(|| known.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_by_its_city_and_country() {
        let country = Place { country: Some("Netherlands".to_owned()), ..Place::default() };
        let city = Place { city: Some("Amsterdam".to_owned()), ..country.clone() };
        assert_eq!(city.in_words().as_deref(), Some("Amsterdam, Netherlands"));
        assert_eq!(country.in_words().as_deref(), Some("Netherlands"));
        assert_eq!(Place::default().in_words(), None);
    }
}
