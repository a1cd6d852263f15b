//! `/`: what this is and where to go.

use actix_web::{HttpResponse, web::Data};

use super::{
    Site,
    html::{self, escape},
};
use crate::{ContractSummary, HttpOptions, contracts};

const INTRODUCTION: &str = "<h1>Selfsame</h1>\n\
    <p>One account, the same behind every contract. This server lets people sign up, sign in and look after their own \
    account, and speaks several published wire contracts over one core: what is changed through one is read through the \
    others in the next request.</p>";

/// The page. It links to what this server has.
pub(super) async fn page(site: Data<Site>, options: Data<HttpOptions>) -> HttpResponse {
    let links = [
        ("/docs", "API reference", "every route of every contract, to try out", options.docs_enabled),
        ("/openapi.json", "OpenAPI document", "the same for programs", options.docs_enabled),
        ("/dev/mailbox", "Development mailbox", "the mails this server “sent”", site.mailbox.is_some()),
        ("/health/ready", "Readiness", "for load balancers", true),
    ];
    let links: Vec<String> = links
        .iter()
        .filter(|(.., exists)| *exists)
        .map(|(path, name, what, _)| format!("<li><a href=\"{path}\">{name}</a>: {what}</li>\n"))
        .collect();
    let rows: String = contracts().map(row).collect();
    let main = format!(
        "{INTRODUCTION}\n<ul>\n{}</ul>\n<h2>Contracts</h2>\n<table>\n\
         <tr><th scope=\"col\">Contract</th><th scope=\"col\">Mounted at</th><th scope=\"col\">What it is</th></tr>\n\
         {rows}</table>",
        links.concat()
    );
    html::respond(html::page("Account server", &main, None), html::POLICY)
}

fn row(ContractSummary { name, mounts, description }: ContractSummary) -> String {
    let mounts: Vec<_> = mounts.iter().map(|mount| format!("<code>{}</code>", escape(mount))).collect();
    format!("<tr><td>{name}</td><td>{}</td><td>{}</td></tr>\n", mounts.join(" "), escape(description))
}

#[cfg(test)]
mod tests {
    use crate::site::testing::{Setup, get};

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
                assert!(page.body.contains(&format!("<code>{mount}</code>")), "{mount}");
            }
        }
        assert!(page.body.contains("<code>/api/v1/account</code>"));
    }

    #[actix_web::test]
    async fn r56_a_page_may_run_nothing_inline_and_be_framed_by_nobody() {
        for path in ["/", "/verify-email", "/reset-password"] {
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
