//! Three lines: a route, where it leads, and a request's path and query. What a template matches can be expanded,
//! and nothing that a request says leads away from the target's host or out of its folder.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weir_config::Template;

fuzz_target!(|text: &str| {
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (route, to, request) = (line(), line(), line());
    let (path, query) = match request.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (request, None),
    };
    let Ok(route) = Template::parse(route) else {
        return;
    };
    assert!(route.overlaps(&route) || route.matches(path, query).is_none());
    let Some(captures) = route.matches(path, query) else {
        return;
    };
    let again = route
        .expand(&captures)
        .expect("a template has its own variables");
    let (path, query) = match again.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (again.as_str(), None),
    };
    assert!(
        route.matches(path, query).is_some(),
        "{again:?} is no longer matched"
    );
    let Ok(to) = Template::parse_target(to) else {
        return;
    };
    // What the target says itself is its author's.
    if let Ok(target) = to.expand(&captures)
        && !to.as_str().contains("..")
    {
        let path = target.split('?').next().unwrap_or_default();
        let is_climb = |segment: &[u8]| segment == b"..";
        let decoded = weir_fuzz::decode(path);
        assert!(
            !decoded.split(|byte| *byte == b'/').any(is_climb),
            "{target:?} climbs"
        );
    }
});
