//! What templates match and what comes out of them.

mod any_request;

use super::{ExpandError, Template};
use crate::template::Captures;

fn template(text: &str) -> Template {
    Template::parse(text).expect(text)
}

fn target(text: &str) -> Template {
    Template::parse_target(text).expect(text)
}

/// Where a request to `path` goes; `-` where it does not match.
fn sent(route: &str, to: &str, request: &str) -> String {
    let (path, query) = match request.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (request, None),
    };
    let route = template(route);
    match route.matches(path, query) {
        Some(captures) => target(to)
            .expand(&captures)
            .expect("the route captures what the target needs"),
        None => "-".to_owned(),
    }
}

/// The captured values of a match, raw.
fn taken(route: &str, path: &str) -> String {
    let route = template(route);
    let Some(captures) = route.matches(path, None) else {
        return "-".to_owned();
    };
    let values: Vec<_> = captures
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    values.join(" ")
}

fn fault(text: &str) -> String {
    let error = Template::parse(text).expect_err(text);
    format!("{}: {error}", error.offset)
}

#[test]
fn text_matches_byte_for_byte() {
    assert_eq!(taken("/a.tgz", "/a.tgz"), "");
    for path in ["/a.tgz/", "/A.tgz", "/a%2Etgz", "/xa.tgz", "a.tgz", ""] {
        assert_eq!(taken("/a.tgz", path), "-", "{path}");
    }
}

#[test]
fn a_variable_stays_in_its_segment() {
    assert_eq!(
        taken("/{v}/{os}-{arch}.tgz", "/1.2.3/linux-amd64.tgz"),
        "v=1.2.3 os=linux arch=amd64"
    );
    assert_eq!(taken("/{v}/{os}-{arch}.tgz", "/1/2/linux-amd64.tgz"), "-");
    assert_eq!(taken("/{v}", "/"), "-");
}

#[test]
fn of_several_splits_the_shortest_leftmost_is_taken() {
    assert_eq!(
        taken("/{name}-{version}.zip", "/my-app-1.0-rc.zip"),
        "name=my version=app-1.0-rc"
    );
    assert_eq!(taken("/{a}.{b}.zip", "/x.y.zip.zip"), "a=x b=y.zip");
    assert_eq!(taken("/{a}{b}", "/xyz"), "a=x b=yz");
}

#[test]
fn the_search_goes_back_where_the_first_split_fails() {
    assert_eq!(
        taken("/{name}/{name}-{v}.tgz", "/my-app/my-app-1.tgz"),
        "name=my-app v=1"
    );
    assert_eq!(taken("/{a}-{b}/{a}", "/x-y-z/x-y"), "a=x-y b=z");
    assert_eq!(taken("/{v}/{v}", "/1/2"), "-");
}

#[test]
fn a_variable_holds_no_byte_that_could_lead_elsewhere() {
    let refused = [
        "..", ".", "%2e%2e", "%2E", "a%2fb", "a%5cb", "a\\b", "a@b", "a%40b", "a%00", "a%0d%0ab",
        "a%0A", "a%7f", "a%252e", "a%", "a%2", "a%zz", "a b", "a%20b", "é", "%C3%A9", "%ff", "a:b",
        "a;b", "a?b", "a#b", "a=b", "",
    ];
    for value in refused {
        assert_eq!(taken("/{v}", &format!("/{value}")), "-", "{value}");
    }
    for value in [
        "...",
        "..a",
        "a..",
        "1.0+build",
        "1.0%2Bbuild",
        "~x",
        "A_b-c.9",
        "%41",
    ] {
        assert_eq!(taken("/{v}", &format!("/{value}")), format!("v={value}"));
    }
}

#[test]
fn a_variable_has_at_most_200_characters() {
    let path = |length| format!("/{}", "a".repeat(length));
    assert_ne!(taken("/{v}", &path(200)), "-");
    assert_eq!(taken("/{v}", &path(201)), "-");
    let encoded = format!("/{}", "%61".repeat(200));
    assert_ne!(taken("/{v}", &encoded), "-");
}

#[test]
fn a_reserved_variable_holds_no_way_out_of_its_place() {
    let refused = [
        "..",
        "../b",
        "a/..",
        "a/../b",
        "a/./b",
        "./b",
        "%2e%2e/b",
        "a/%2E%2e",
        ".%2e/b",
        "a//b",
        "/b",
        "a/b//",
        "a\\b",
        "a%5cb",
        "a%00b",
        "a%0d%0ab",
        "a%1fb",
        "a%7fb",
        "a%",
        "a%g0",
        "a b",
        "é",
        "a#b",
        "..%2fb",
        "a%2f..%2fb",
        "a%2f%2e%2E",
    ];
    for value in refused {
        assert_eq!(taken("/x/{+v}", &format!("/x/{value}")), "-", "{value}");
    }
    for value in [
        "a",
        "a/b",
        "a/b/",
        "a%2Fb",
        "%C3%A9",
        "%ff",
        "a:b@c;d=e,f!",
        ".../..a/b..",
        "a%252e",
    ] {
        assert_eq!(
            taken("/x/{+v}", &format!("/x/{value}")),
            format!("v={value}")
        );
    }
}

#[test]
fn a_reserved_variable_ends_before_the_text_behind_it() {
    assert_eq!(taken("/{+path}.tar.gz", "/a/b.tar.gz"), "path=a/b");
    assert_eq!(taken("/{+path}/{file}", "/a/b/c"), "path=a/b file=c");
    assert_eq!(taken("/{+path}/x", "/a//x"), "-");
    assert_eq!(taken("/a{+path}", "/a./b"), "-");
}

#[test]
fn a_variable_expands_encoded_and_a_reserved_one_as_it_came() {
    assert_eq!(
        sent("/{v}", "https://h/{v}", "/really+nice"),
        "https://h/really%2Bnice"
    );
    assert_eq!(
        sent("/{v}", "https://h/{v}", "/really%2bnice"),
        "https://h/really%2Bnice"
    );
    assert_eq!(
        sent("/{v}", "https://h/{+v}", "/really%2bnice"),
        "https://h/really%2bnice"
    );
    assert_eq!(
        sent("/{+v}", "https://h/{+v}", "/a/%2fb+c:%C3%a9"),
        "https://h/a/%2fb+c:%C3%a9"
    );
    assert_eq!(
        sent("/{+v}", "https://h/{v}", "/a/%2Fb"),
        "https://h/a%2F%2Fb"
    );
}

#[test]
fn a_target_may_write_a_variable_both_ways() {
    assert_eq!(
        sent("/{+v}", "https://h/{+v}?file={v}", "/a/b"),
        "https://h/a/b?file=a%2Fb"
    );
}

#[test]
fn a_query_nobody_named_goes_on_byte_for_byte() {
    assert_eq!(
        sent("/a", "https://h/b", "/a?x=%2f&&x=1&y"),
        "https://h/b?x=%2f&&x=1&y"
    );
    assert_eq!(
        sent("/a", "https://h/b?k=1", "/a?x=2"),
        "https://h/b?k=1&x=2"
    );
    assert_eq!(sent("/a", "https://h/b", "/a?"), "https://h/b");
}

#[test]
fn what_the_target_says_itself_no_request_can_say_again() {
    let to = "https://h/b?k=1&flag";
    assert_eq!(sent("/a", to, "/a?k=2"), to);
    assert_eq!(sent("/a", to, "/a?%6B=2"), to);
    assert_eq!(
        sent("/a", to, "/a?x=1&k=2&flag=3&&kk=4&x=5"),
        "https://h/b?k=1&flag&x=1&&kk=4&x=5"
    );
    assert_eq!(
        sent("/a?x={x}", "https://h/b?x={x}", "/a?x=1&x=2&y=3"),
        "https://h/b?x=1&y=3"
    );
}

#[test]
fn query_variables_match_in_any_order_among_others() {
    let (route, to) = (
        "/dl/{file}?os={os}&arch={arch}",
        "https://h/{os}/{arch}/{file}?src=weir",
    );
    assert_eq!(
        sent(route, to, "/dl/app?os=linux&arch=amd64"),
        "https://h/linux/amd64/app?src=weir"
    );
    assert_eq!(
        sent(route, to, "/dl/app?z=1&arch=amd64&z=%32&os=linux"),
        "https://h/linux/amd64/app?src=weir&z=1&z=%32"
    );
    assert_eq!(sent(route, to, "/dl/app?os=linux"), "-");
    assert_eq!(sent(route, to, "/dl/app"), "-");
    assert_eq!(sent(route, to, "/dl/app?os=..&arch=amd64"), "-");
    assert_eq!(sent(route, to, "/dl/app?os=a%26b&arch=amd64"), "-");
}

#[test]
fn fixed_parameters_must_be_equal_and_are_not_passed_on() {
    assert_eq!(
        sent("/a?x=1&y", "https://h/b", "/a?y&x=1&z=3"),
        "https://h/b?z=3"
    );
    assert_eq!(sent("/a?x=1", "https://h/b", "/a?x=2"), "-");
    assert_eq!(
        sent("/a?x=1", "https://h/b", "/a?x=2&x=1&x=1"),
        "https://h/b?x=2&x=1"
    );
}

#[test]
fn values_are_decoded_once() {
    let route = template("/{+v}");
    let captures = route.matches("/a%252Fb%20c%ff", None).expect("a match");
    assert_eq!(captures.get("v").as_deref(), Some("a%2Fb c\u{fffd}"));
    assert_eq!(captures.raw("v"), Some("a%252Fb%20c%ff"));
    assert_eq!(captures.get("w"), None);
}

#[test]
fn regex_groups_are_variables_under_the_same_rules() {
    let regex =
        regex::Regex::new("^(?:/v(?<version>[^/]+)/(?<file>.+)(?<sig>\\.asc)?)$").expect("a regex");
    let to = template("https://h/{version}/{+file}");
    let sent =
        |path| Captures::of_regex(&regex, path, Some("q=1")).map(|captures| to.expand(&captures));
    assert_eq!(
        sent("/v1+2/a/b"),
        Some(Ok("https://h/1%2B2/a/b?q=1".to_owned()))
    );
    for path in [
        "/v1/../b",
        "/v1/%2e%2e/b",
        "/v1/a\\b",
        "/v1/a%00",
        "/v../b",
        "/w1/b",
    ] {
        assert_eq!(sent(path), None, "{path}");
    }
    let captures = Captures::of_regex(&regex, "/v1/a", None).expect("a match");
    let missing = template("https://h/{sig}").expand(&captures);
    assert_eq!(missing, Err(ExpandError::Missing("sig".to_owned())));
}

#[test]
fn a_prefix_carries_path_and_query_unchanged() {
    let to = template("https://h/base/");
    let sent =
        |path, query| Captures::everything(path, query).map(|captures| to.expand_prefix(&captures));
    assert_eq!(
        sent("/a//b%2Fc/", Some("q=1&&r")),
        Some("https://h/base/a//b%2Fc/?q=1&&r".to_owned())
    );
    assert_eq!(sent("/", None), Some("https://h/base/".to_owned()));
    assert_eq!(sent("/a/../b", None), None);
    assert_eq!(sent("/a%0d%0a", None), None);
    assert_eq!(sent("/a", Some("x\r\ny")), None);
}

#[test]
fn the_more_exact_template_ranks_higher() {
    let falling = [
        "/dl/stable/rocket.tgz",
        "/dl/stable/{file}?os=linux",
        "/dl/stable/{file}?os={os}",
        "/dl/stable/{file}",
        "/dl/stable/{+rest}",
        "/dl/{v}/rocket-{os}.tgz",
        "/dl/{v}/{file}",
        "/dl/{v}",
        "/dl/{+rest}",
        "/{a}/{b}",
        "/{+rest}",
    ];
    for pair in falling.windows(2) {
        assert!(
            template(pair[0]).rank() > template(pair[1]).rank(),
            "{} > {}",
            pair[0],
            pair[1]
        );
    }
    assert_eq!(template("/a/{x}").rank(), template("/a/{y}").rank());
}

#[test]
fn overlap_is_found_where_one_request_matches_both() {
    let overlap = |a, b| template(a).overlaps(&template(b));
    for (a, b) in [
        ("/a/{x}", "/a/{y}"),
        ("/{a}-{b}", "/{a}.{b}"),
        ("/{a}/x", "/y/{b}"),
        ("/{+a}", "/b/{c}/d"),
        ("/{+a}/x", "/y/{+b}"),
        ("/a?x={x}", "/a?y={y}"),
        ("/a?x&x=1", "/a?x&x=1"),
        ("/a?x=1&x=2", "/a?x=1"),
    ] {
        assert!(overlap(a, b) && overlap(b, a), "{a} and {b}");
    }
    for (a, b) in [
        ("/a/{x}", "/b/{y}"),
        ("/{a}.zip", "/{a}.tgz"),
        ("/{a}", "/{a}/{b}"),
        ("/{a}@x", "/{b}"),
        ("/{a}", "/"),
        ("/a?x=1", "/a?x=2"),
    ] {
        assert!(!overlap(a, b) && !overlap(b, a), "{a} and {b}");
    }
}

#[test]
fn equal_shapes_differ_in_names_alone() {
    let shape = |text| template(text).shape();
    assert_eq!(
        shape("/{v}/{w}-{v}?b={x}&a=1"),
        shape("/{a}/{b}-{a}?a=1&b={c}")
    );
    assert_ne!(shape("/{v}/{v}"), shape("/{v}/{w}"));
    assert_ne!(shape("/{v}"), shape("/{+v}"));
}

#[test]
fn a_bad_template_names_the_fault_and_its_place() {
    insta::assert_snapshot!(fault(""), @"0: the template is empty");
    insta::assert_snapshot!(fault("/a/{v"), @r#"3: this variable is not closed: end it with "}""#);
    insta::assert_snapshot!(fault("/a}/b"), @r#"2: "}" closes nothing: write %7D for the character itself"#);
    insta::assert_snapshot!(fault("/{}"), @r#"2: "" is no variable name: use letters, digits and "_", with an optional "+" before them"#);
    insta::assert_snapshot!(fault("/{a-b}"), @r#"2: "a-b" is no variable name: use letters, digits and "_", with an optional "+" before them"#);
    insta::assert_snapshot!(fault("/a b"), @"2: ' ' cannot stand in a URL: percent-encode it");
    insta::assert_snapshot!(fault("/größe"), @"3: 'ö' cannot stand in a URL: percent-encode it");
    insta::assert_snapshot!(fault("/a%2"), @r#"2: "%" needs two hex digits behind it: write %25 for the character itself"#);
    insta::assert_snapshot!(fault("/a#b"), @r###"2: a URL template cannot have a fragment: leave out "#" and what follows"###);
    insta::assert_snapshot!(fault("/a?"), @"3: a query parameter needs a literal name: write name={value}");
    insta::assert_snapshot!(fault("/a?x=1&{y}=2"), @"7: a query parameter needs a literal name: write name={value}");
    insta::assert_snapshot!(fault("/{+t}/{t}"), @"6: {t} stands here as {+t} too, and what a request says cannot be both: write it one way each time, or give the two different names");
    insta::assert_snapshot!(fault("/{t}/x?at={+t}"), @"10: {t} stands here as {+t} too, and what a request says cannot be both: write it one way each time, or give the two different names");
    insta::assert_snapshot!(fault(&"/{a}".repeat(33)), @"0: more than 32 variables");
    insta::assert_snapshot!(fault(&"/".repeat(65_536)), @"0: the template has more than 65535 characters");
    assert!(Template::parse(&"/".repeat(65_535)).is_ok());
}

/// Without a bound this would try 200 to the 8th splits.
#[test]
fn a_search_without_end_is_given_up() {
    let route = template("/{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}-x");
    let path = format!("/{}", "-a".repeat(4000));
    assert_eq!(route.matches(&path, None), None);
}
