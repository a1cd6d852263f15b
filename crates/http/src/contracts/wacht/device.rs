//! Browser and device in a `User-Agent`, for the list of sign-ins. The SDK selects its icons by the words "chrome",
//! "firefox", "safari", "edge", "opera" and "brave".

/// The browser; if it is unknown, the first product of the user agent.
pub(super) fn browser(user_agent: &str) -> String {
    /// A browser whose user agent also has the name of another one comes before it.
    const BROWSERS: &[(&str, &str)] = &[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Opera", "Opera"),
        ("Brave", "Brave"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let first_product = || user_agent.split(['/', ' ']).next().unwrap_or_default();
    named(BROWSERS, user_agent).unwrap_or_else(first_product).to_owned()
}

/// The operating system; empty if it is unknown.
pub(super) fn device(user_agent: &str) -> String {
    const SYSTEMS: &[(&str, &str)] = &[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    named(SYSTEMS, user_agent).unwrap_or_default().to_owned()
}

fn named(words: &[(&str, &'static str)], user_agent: &str) -> Option<&'static str> {
    words.iter().find(|(word, _)| user_agent.contains(word)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_apart_though_each_claims_to_be_all_others() {
        for (user_agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", ("Firefox", "Linux")),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                ("Chrome", "Windows"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
                ("Edge", "Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                ("Safari", "iPhone"),
            ),
            ("curl/8.5.0", ("curl", "")),
            ("", ("", "")),
        ] {
            assert_eq!((browser(user_agent).as_str(), device(user_agent).as_str()), expected);
        }
    }
}
