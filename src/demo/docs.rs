//! Documentation that carries the demo's pixel, script and badges: two pages, so that there is one to go on to.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;

use super::pypi;

/// The host that its pages name themselves by.
pub const DOMAIN: &str = "docs.demo.localhost";

/// What all pages have.
const PAGE: &str = include_str!("docs/page.html");
/// Path, title and text of each.
const PAGES: [(&str, &str, &str); 2] = [
    ("/", "Quick start", include_str!("docs/start.html")),
    ("/guide", "Guide", include_str!("docs/guide.html")),
];

/// Serves the pages; `port` is the gateway's.
pub async fn serve(listener: TcpListener, port: u16) -> std::io::Result<()> {
    let mut router = Router::new();
    for (path, ..) in PAGES {
        let page = page(path, port);
        router = router.route(path, get(|| async { Html(page) }));
    }
    axum::serve(listener, router).await
}

/// The page at `path`.
fn page(path: &str, port: u16) -> String {
    let link = |(to, title, _): (&str, &str, &str)| {
        let here = if to == path {
            " aria-current=\"page\""
        } else {
            ""
        };
        format!("<a href=\"{to}\"{here}>{title}</a>")
    };
    let this = PAGES.into_iter().find(|(known, ..)| *known == path);
    let (_, title, body) = this.unwrap_or(PAGES[0]);
    PAGE.replace("TITLE", title)
        .replace("LINKS", &PAGES.map(link).concat())
        .replace("BODY", body)
        .replace("GATEWAY", &format!("http://get.demo.localhost:{port}"))
        .replace("IMAGES", &format!("cr.demo.localhost:{port}"))
        .replace("PROJECT", pypi::PROJECT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_carries_pixel_and_script_and_the_first_one_badges() {
        for (path, title, _) in PAGES {
            let page = page(path, 8080);
            let gateway = "http://get.demo.localhost:8080";
            assert!(page.contains(&format!("src=\"{gateway}/-/px/docs.gif\"")));
            assert!(page.contains(&format!("src=\"{gateway}/-/s.js?id=docs\"")));
            assert!(page.contains(&format!("aria-current=\"page\">{title}</a>")));
            let badge = page.contains(&format!("{gateway}/-/badge/acme/rocket/downloads.svg"));
            assert_eq!(badge, path == "/", "{path}");
        }
    }
}
