//! What the page may load and run: its own files, its own inline start-up script, nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Names under which the page's framework makes trusted types.
const TRUSTED_TYPES: &str = "svelte-trusted-html sveltekit-trusted-url";

/// The content security policy for a page; each inline script in it is allowed by its hash.
pub(super) fn for_page(html: &str) -> String {
    let own = ["'self'".to_owned()].into_iter();
    let scripts: Vec<_> = own.chain(inline_scripts(html).map(hash)).collect();
    [
        "default-src 'none'",
        &format!("script-src {}", scripts.join(" ")),
        "style-src 'self'",
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

/// The script as a policy names it.
fn hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

/// The text between each `<script>` without `src` and its end. The page comes from our own build, so
/// this need not read every HTML there is; a script it overlooks does not run.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains(" src=")).then_some(script)
    })
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
    fn a_page_without_inline_script_allows_none() {
        insta::assert_snapshot!(for_page("<script src=\"x\"></script><script>").split("; ").nth(1).unwrap_or(""), @"script-src 'self'");
    }
}
