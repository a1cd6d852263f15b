//! `/`: the landing page.

use serde::Serialize;

use super::{
    Call,
    page::{Page, respond},
};
use crate::{ContractSummary, call::HandlerResult, contracts};

/// The page links to the other pages that are enabled.
#[derive(Serialize)]
struct Landing {
    docs_enabled: bool,
    has_mailbox: bool,
    contracts: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    mounts: &'static [&'static str],
    description: &'static str,
}

impl Page for Landing {
    const TEMPLATE: &'static str = "landing.html";
}

pub(super) async fn page(call: Call) -> HandlerResult {
    let row = |ContractSummary { name, mounts, description }| Row { name, mounts, description };
    let page = Landing {
        docs_enabled: call.options().docs_enabled,
        has_mailbox: call.services().core.has_mailbox(),
        contracts: contracts().map(row).collect(),
    };
    respond(&call, &page)
}

#[cfg(test)]
mod tests {
    use crate::site::testing::{Setup, escaped, get};

    #[actix_web::test]
    async fn the_page_links_to_what_there_is_and_to_nothing_else() {
        let development = get(&Setup::default(), "/").await;
        assert_eq!(development.status, 200);
        assert!(development.body.contains("href=\"/docs\"") && development.body.contains("href=\"/dev/mailbox\""));

        let production = get(&Setup { has_mailbox: false, docs_enabled: false, ..Setup::default() }, "/").await;
        assert!(!production.body.contains("/docs") && !production.body.contains("/dev/mailbox"));
    }

    #[actix_web::test]
    async fn the_page_names_every_contract_and_where_it_is() {
        let page = get(&Setup::default(), "/").await;
        for contract in crate::contracts() {
            assert!(page.body.contains(&format!("<td>{}</td>", contract.name)), "{}", contract.name);
            for mount in contract.mounts {
                assert!(page.body.contains(&format!("<code>{}</code>", escaped(mount))), "{mount}");
            }
        }
        assert!(page.body.contains(&format!("<code>{}</code>", escaped("/api/v1/account"))));
    }

    #[actix_web::test]
    async fn r56_a_page_may_run_nothing_inline_and_be_framed_by_nobody() {
        for path in
            ["/", "/docs", "/docs/guide", "/docs/verify-tokens", "/dev/mailbox", "/verify-email", "/reset-password"]
        {
            let page = get(&Setup::default(), path).await;
            let policy = page.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(policy.contains("object-src 'none'") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
            assert!(!page.body.contains("<style") && !page.body.contains("style="), "{path}");
            assert!(!page.body.contains("<script>"), "{path}");
            let is_handler = |word: &str| word.starts_with("on") && word.contains('=');
            assert!(!page.body.split_whitespace().any(is_handler), "{path}: {}", page.body);
        }
    }
}
