//! What the page may load and run: its own files, its own inline scripts and styles, nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Names under which the page's framework makes trusted types.
const TRUSTED_TYPES: &str = "svelte-trusted-html sveltekit-trusted-url";

/// The content security policy for a page; each inline script and style in it is allowed by its hash.
pub(super) fn for_page(html: &str) -> String {
    [
        "default-src 'none'",
        &format!("script-src {}", own(html, "script")),
        &format!("style-src {}", own(html, "style")),
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        &format!("trusted-types {TRUSTED_TYPES}"),
    ]
    .join("; ")
}

/// The files of this origin, and each `element` with its text in the page.
fn own(html: &str, element: &str) -> String {
    let files = std::iter::once("'self'".to_owned());
    let sources: Vec<_> = files
        .chain(inline(html, element).into_iter().map(hash))
        .collect();
    sources.join(" ")
}

/// A script or a style as a policy names it.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The text between the start of each `element` without `src` and its end. The page comes from our own
/// build, so this need not read every HTML there is; what it overlooks does not run, and has no effect.
fn inline<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let (start, end) = (format!("<{element}"), format!("</{element}>"));
    let text = |rest: &'a str| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once(&end)?;
        (!attributes.contains(" src=")).then_some(text)
    };
    html.split(&start).skip(1).filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_its_own_files_and_its_own_inline_script() {
        let html = "<html><script src=\"/a.js\"></script><script>\n  start();\n</script></html>";
        insta::assert_snapshot!(for_page(html).replace("; ", ";\n"), @"
        default-src 'none';
        script-src 'self' 'sha256-IwJ8HMQ0kEv4Hqeb/k0wwXXvuYWzywnUAuKiS02uiBk=';
        style-src 'self';
        img-src 'self' data:;
        connect-src 'self';
        font-src 'self';
        manifest-src 'self';
        base-uri 'none';
        form-action 'self';
        frame-ancestors 'none';
        require-trusted-types-for 'script';
        trusted-types svelte-trusted-html sveltekit-trusted-url
        ");
    }

    #[test]
    fn a_page_has_its_own_inline_style() {
        let html = "<head><style>p{margin:0}</style></head><body>";
        insta::assert_snapshot!(for_page(html).split("; ").nth(2).unwrap_or(""), @"style-src 'self' 'sha256-QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='");
    }

    #[test]
    fn a_page_without_inline_script_or_style_allows_none() {
        let policy =
            for_page("<script src=\"x\"></script><script><link rel=\"stylesheet\"><style>");
        insta::assert_snapshot!(policy.split("; ").skip(1).take(2).collect::<Vec<_>>().join("; "), @"script-src 'self'; style-src 'self'");
    }
}
