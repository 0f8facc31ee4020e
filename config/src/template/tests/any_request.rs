//! What holds for whatever a request or a template says.

use proptest::prelude::*;
use url::Url;

use super::{sent, template};
use crate::template::{Captures, Template};

/// Texts that look like requests, so that a fair part of them matches.
fn request_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Za-z0-9._+~-]{1,6}",
        3 => Just("/".to_owned()),
        2 => "%[0-9a-fA-F]{2}",
        1 => prop::sample::select(vec!["..", ".", "//", "@", ":", "\\", "%", "%2f", "%2e", "%5c", "%0d%0a", "?", "&", "=", "#", "é", "-"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| format!("/{}", pieces.concat()))
}

/// A `{+v}` may not decode to a place outside of its own, whoever resolves it.
fn stays_inside(value: &str) -> bool {
    let dots = |segment: &str| {
        matches!(
            segment.replace("%2e", ".").replace("%2E", ".").as_str(),
            "." | ".."
        )
    };
    let slashes = value.replace("%2f", "/").replace("%2F", "/");
    !slashes.split('/').any(dots) && !value.contains('\\')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_request_moves_a_target_to_another_place(request in request_text()) {
        let cases = [
            ("/{v}/{os}-{arch}", "https://cdn.example:8443/d/{v}/{os}/{arch}?k={v}", "https://cdn.example:8443/d/"),
            ("/{v}", "https://cdn.example:8443/d/{v}", "https://cdn.example:8443/d/"),
            ("/{+v}", "https://cdn.example:8443/d/{+v}", "https://cdn.example:8443/d/"),
            ("/{a}/{+v}", "https://cdn.example:8443/{+v}/{a}", "https://cdn.example:8443/"),
        ];
        for (route, to, prefix) in cases {
            let target = sent(route, to, &request);
            if target == "-" {
                continue;
            }
            prop_assert!(target.starts_with(prefix), "{target}");
            let url = Url::parse(&target).expect("a target is a URL");
            prop_assert_eq!(url.scheme(), "https");
            prop_assert_eq!(url.host_str(), Some("cdn.example"));
            prop_assert_eq!(url.port(), Some(8443));
            prop_assert_eq!((url.username(), url.password()), ("", None));
            prop_assert!(url.as_str().starts_with(prefix), "{} leaves {}", url, prefix);
        }
    }

    #[test]
    fn a_reserved_variable_is_byte_exact(request in request_text()) {
        let path = request.split('?').next().expect("a first piece");
        let route = template("/{+v}");
        if let Some(captures) = route.matches(path, None) {
            prop_assert_eq!(captures.raw("v"), Some(&path[1..]));
            prop_assert!(stays_inside(&path[1..]));
            let target = template("https://h/{+v}").expand(&captures).expect("v is captured");
            prop_assert_eq!(target, format!("https://h{path}"));
        }
    }

    #[test]
    fn a_catch_all_stays_below_its_target(request in request_text()) {
        let (path, query) = request.split_once('?').map_or((request.as_str(), None), |(path, query)| (path, Some(query)));
        if let Some(captures) = Captures::everything(path, query) {
            let target = template("https://h/base").expand_prefix(&captures);
            let url = Url::parse(&target).expect("a target is a URL");
            prop_assert!(url.as_str().starts_with("https://h/base/"), "{url}");
        }
    }

    #[test]
    fn any_text_is_a_template_or_a_fault_inside_it(text in "\\PC{0,40}", path in "\\PC{0,40}", query in "\\PC{0,20}") {
        match Template::parse(&text) {
            Ok(template) => {
                prop_assert_eq!(template.as_str(), text.as_str());
                prop_assert!(template.overlaps(&template));
                let captures = template.matches(&path, Some(&query));
                if let Some(captures) = captures {
                    prop_assert!(template.expand(&captures).is_ok());
                }
            }
            Err(error) => prop_assert!(error.offset <= text.chars().count()),
        }
    }

    #[test]
    fn any_template_like_text_and_any_request_are_read_without_panic(
        text in "/[a-c{}+%?&=/.é-]{0,24}",
        request in request_text(),
    ) {
        if let Ok(template) = Template::parse(&text) {
            let (path, query) = request.split_once('?').map_or((request.as_str(), None), |(path, query)| (path, Some(query)));
            if let Some(captures) = template.matches(path, query) {
                prop_assert!(template.expand(&captures).is_ok());
            }
        }
    }
}
