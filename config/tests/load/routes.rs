//! Routes: what they match, where they lead, and what is refused.

use crate::{errors, route, site};
use weir_config::catalogue::{Matcher, PackageKind};

#[test]
fn a_route_leads_a_request_to_its_target() {
    let site = site(&route(
        "path = \"/{v}/{+file}\"\nto = \"https://cdn.example/{+file}?v={v}\"\nstatus = 307",
    ));
    let catalogue = site.config().catalogue;
    let PackageKind::File(routes) = &catalogue.packages[0].kind else {
        panic!("a package of kind file");
    };
    let captures = routes[0].path.matches("/1.0/a%2Fb/c", Some("q=1")).unwrap();
    let target = routes[0].target(&captures).unwrap();
    assert_eq!(
        target.as_deref(),
        Some("https://cdn.example/a%2Fb/c?v=1.0&q=1")
    );
    assert_eq!((routes[0].status, routes[0].proxy), (307, false));
    assert_eq!(site.plain(&routes[0].place.to_string()), "weir.toml:6:8");
}

#[test]
fn a_regex_is_anchored() {
    let site = site(&route("regex = \"/a|/b\"\nto = \"https://cdn.example/\""));
    let catalogue = site.config().catalogue;
    let PackageKind::File(routes) = &catalogue.packages[0].kind else {
        panic!("a package of kind file");
    };
    assert!(matches!(routes[0].path, Matcher::Regex(_)));
    for (path, matches) in [
        ("/a", true),
        ("/b", true),
        ("/ab", false),
        ("/x/b", false),
        ("/a\n", false),
    ] {
        assert_eq!(
            routes[0].path.matches(path, None).is_some(),
            matches,
            "{path:?}"
        );
    }
}

#[test]
fn a_package_without_routes_is_refused() {
    insta::assert_snapshot!(errors("[[package]]\nname = \"a\"\nkind = \"event\"\ndomains = [\"a.example\"]\n"), @"
    weir.toml:1:1: the package has no route, so nothing reaches it
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add [[package.route]] with a path below it
    ");
}

#[test]
fn a_route_has_exactly_one_way_to_match() {
    insta::assert_snapshot!(errors(&route("to = \"https://a.example/\"")), @r#"
    weir.toml:5:1: a route has one of path, regex and catch_all
     5 | [[package.route]]
       | ^^^^^^^^^^^^^^^^^
    help: write path = "/{version}/{file}", or catch_all = true for every path
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/a\"\ncatch_all = true")), @r#"
    weir.toml:5:1: a route has one of path, regex and catch_all
     5 | [[package.route]]
       | ^^^^^^^^^^^^^^^^^
    help: write path = "/{version}/{file}", or catch_all = true for every path
    "#);
    insta::assert_snapshot!(errors(&route("catch_all = false")), @"
    weir.toml:6:13: this route matches nothing
     6 | catch_all = false
       |             ^^^^^
    help: write catch_all = true, or a path
    ");
}

#[test]
fn a_bad_template_is_shown_at_the_bad_character() {
    insta::assert_snapshot!(errors(&route("path = \"/{version}/{os\"\nto = \"https://a.example/{version:semver}\"")), @r#"
    weir.toml:6:20: this variable is not closed: end it with "}"
     6 | path = "/{version}/{os"
       |                    ^

    weir.toml:7:26: "version:semver" is no variable name: use letters, digits and "_", with an optional "+" before them
     7 | to = "https://a.example/{version:semver}"
       |                          ^
    "#);
    insta::assert_snapshot!(errors(&route("path = \"a b\"")), @r#"
    weir.toml:6:10: ' ' cannot stand in a URL: percent-encode it
     6 | path = "a b"
       |          ^
    "#);
    insta::assert_snapshot!(errors(&route("path = \"\\u002Fa b\"")), @r#"
    weir.toml:6:8: ' ' cannot stand in a URL: percent-encode it
     6 | path = "\u002Fa b"
       |        ^^^^^^^^^^^
    "#);
    insta::assert_snapshot!(errors(&route("path = \"rocket\"")), @r#"
    weir.toml:6:9: a path begins with "/"
     6 | path = "rocket"
       |         ^
    help: write "/rocket"
    "#);
}

#[test]
fn a_request_cannot_choose_the_host_of_a_target() {
    insta::assert_snapshot!(errors(&route("path = \"/{host}\"\nto = \"https://{host}.example/x\"")), @r#"
    weir.toml:7:15: the host of a target cannot hold a variable
     7 | to = "https://{host}.example/x"
       |               ^
    help: write one route for each host
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/{+p}\"\nto = \"https://a.example{+p}\"")), @r#"
    weir.toml:7:24: the host of a target cannot hold a variable
     7 | to = "https://a.example{+p}"
       |                        ^
    help: write one route for each host
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/{s}\"\nto = \"{s}://a.example/\"")), @r#"
    weir.toml:7:7: a target begins with a literal scheme and host
     7 | to = "{s}://a.example/"
       |       ^
    help: write it whole, such as https://host/path/{version}
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/{p}\"\nto = \"https://a.example:8{p}/\"")), @r#"
    weir.toml:7:26: the host of a target cannot hold a variable
     7 | to = "https://a.example:8{p}/"
       |                          ^
    help: write one route for each host
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/{p}\"\nto = \"https://user@a.example/{p}\"")), @"
    weir.toml:7:6: a URL here cannot hold a user or password
    help: put them into a file and name it by a key such as credentials_file
    ");
}

#[test]
fn schemes_are_http_and_https() {
    insta::assert_snapshot!(errors(&route("path = \"/a\"\nto = \"ftp://a.example/x\"")), @r#"
    weir.toml:7:6: unknown scheme "ftp"
     7 | to = "ftp://a.example/x"
       |      ^^^^^^^^^^^^^^^^^^^
    help: it is reached by https or http
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/a\"\nto = \"htps://a.example/x\"")), @r#"
    weir.toml:7:6: unknown scheme "htps"
     7 | to = "htps://a.example/x"
       |      ^^^^^^^^^^^^^^^^^^^^
    help: did you mean "https"?
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/a\"\nto = \"/x\"")), @r#"
    weir.toml:7:7: a target begins with a literal scheme and host
     7 | to = "/x"
       |       ^
    help: write it whole, such as https://host/path/{version}
    "#);
}

#[test]
fn a_target_without_encryption_is_warned_of_except_on_this_machine() {
    insta::assert_snapshot!(site(&route("path = \"/a\"\nto = \"http://a.example/x\"")).warnings(), @r#"
    weir.toml:7:6: what comes from a.example is not encrypted on its way
     7 | to = "http://a.example/x"
       |      ^^^^^^^^^^^^^^^^^^^^
    help: write https:// if it answers there
    "#);
    for host in ["localhost:1", "demo.localhost", "127.0.0.9", "[::1]:80"] {
        assert_eq!(
            site(&route(&format!("path = \"/a\"\nto = \"http://{host}/\""))).warnings(),
            ""
        );
    }
}

#[test]
fn a_target_uses_what_its_path_captures() {
    insta::assert_snapshot!(errors(&route("path = \"/{version}\"\nto = \"https://a.example/{verison}\"")), @r#"
    weir.toml:7:25: the path does not capture "verison"
     7 | to = "https://a.example/{verison}"
       |                         ^
    help: did you mean {version}?
    "#);
    insta::assert_snapshot!(errors(&route("path = \"/{a}\"\nto = \"https://a.example/{+zzz}\"")), @r#"
    weir.toml:7:25: the path does not capture "zzz"
     7 | to = "https://a.example/{+zzz}"
       |                         ^
    help: it captures a
    "#);
    insta::assert_snapshot!(errors(&route("regex = \"/(?<v>.*)\"\nto = \"https://a.example/{x}\"")), @r#"
    weir.toml:7:25: the path does not capture "x"
     7 | to = "https://a.example/{x}"
       |                         ^
    help: it captures v
    "#);
    insta::assert_snapshot!(errors(&route("catch_all = true\nto = \"https://a.example/{path}\"")), @r#"
    weir.toml:7:25: the path does not capture "path"
     7 | to = "https://a.example/{path}"
       |                         ^
    help: it captures nothing: write a target without variables
    "#);
    insta::assert_snapshot!(errors(&route("catch_all = true\nto = \"https://a.example/?a=1\"")), @r#"
    weir.toml:7:6: the target of a catch_all cannot have a query
     7 | to = "https://a.example/?a=1"
       |      ^^^^^^^^^^^^^^^^^^^^^^^^
    help: leave it out: the request's path and query go behind the target
    "#);
}

#[test]
fn a_bad_regex_is_explained() {
    insta::assert_snapshot!(errors(&route("regex = \"/(a\"")), @r#"
    weir.toml:6:9: this regex does not work: unclosed group
     6 | regex = "/(a"
       |         ^^^^^
    "#);
    insta::assert_snapshot!(errors(&route("regex = \"/a)|(/b\"")), @r#"
    weir.toml:6:9: this regex does not work: unopened group
     6 | regex = "/a)|(/b"
       |         ^^^^^^^^^
    "#);
    insta::assert_snapshot!(errors(&route("regex = '/(\\w{500}){500}'")), @r#"
    weir.toml:6:9: this regex does not work: Compiled regex exceeds size limit of 1048576 bytes
     6 | regex = '/(\w{500}){500}'
       |         ^^^^^^^^^^^^^^^^^
    "#);
}

#[test]
fn a_redirect_is_never_permanent() {
    insta::assert_snapshot!(errors(&route("path = \"/a\"\nto = \"https://a.example/\"\nstatus = 301")), @"
    weir.toml:8:10: a route cannot answer 301
     8 | status = 301
       |          ^^^
    help: write 302 or 307: clients keep permanent redirects and never ask again, so nothing would be counted
    ");
    insta::assert_snapshot!(errors(&route("path = \"/a\"\nto = \"https://a.example/\"\nstatus = 200")), @"
    weir.toml:8:10: a route cannot answer 200
     8 | status = 200
       |          ^^^
    help: write 302, or 307 where the method must be kept
    ");
}

#[test]
fn a_proxy_needs_a_target() {
    insta::assert_snapshot!(errors(&route("path = \"/a\"\nproxy = true")), @r#"
    weir.toml:5:1: there is nothing to proxy
     5 | [[package.route]]
       | ^^^^^^^^^^^^^^^^^
    help: add to = "https://…", or leave out proxy
    "#);
}

#[test]
fn an_event_leads_nowhere() {
    let toml = route("path = \"/a\"\nto = \"https://a.example/\"").replace("\"file\"", "\"event\"");
    insta::assert_snapshot!(errors(&toml), @r#"
    weir.toml:7:1: unknown key "to"
     7 | to = "https://a.example/"
       | ^^
    help: known here: path, regex, catch_all, status, post_only, tokens_file, origins, values
    "#);
}

#[test]
fn releases_of_a_code_host_are_one_line() {
    let package = |rest: &str| {
        format!("[[package]]\nname = \"a\"\nkind = \"file\"\ndomains = [\"a.example\"]\n{rest}")
    };
    let to = |rest: &str| {
        let catalogue = site(&package(rest)).config().catalogue;
        let route = catalogue.packages[0].kind.routes().last().unwrap();
        let releases = route.releases.as_ref().unwrap();
        format!(
            "{} -> {}\n{}",
            route.name(),
            route.to.as_ref().unwrap().as_str(),
            releases.latest
        )
    };
    insta::assert_snapshot!(to("releases = \"https://github.com/acme/rocket\""), @"
    /{version}/{file} -> https://github.com/acme/rocket/releases/download/v{version}/{file}
    https://github.com/acme/rocket/releases/latest
    ");
    insta::assert_snapshot!(to("releases = \"https://gitlab.com/acme/rocket/\"\npath = \"/rocket/\""), @"
    /rocket/{version}/{file} -> https://gitlab.com/acme/rocket/-/releases/v{version}/downloads/{file}
    https://gitlab.com/acme/rocket/-/releases/permalink/latest
    ");
    insta::assert_snapshot!(to("releases = \"https://codeberg.org/acme/rocket\"\ntag = \"{version}\""), @"
    /{version}/{file} -> https://codeberg.org/acme/rocket/releases/download/{version}/{file}
    https://codeberg.org/acme/rocket/releases/latest
    ");
    insta::assert_snapshot!(to("releases = \"https://code.example/acme/rocket\"\nforge = \"gitlab\"\ntag = \"cli/{version}\""), @"
    /{version}/{file} -> https://code.example/acme/rocket/-/releases/cli/{version}/downloads/{file}
    https://code.example/acme/rocket/-/releases/permalink/latest
    ");
    insta::assert_snapshot!(errors(&package("releases = \"https://code.example/x\"\ntag = \"v1\"")), @r#"
    weir.toml:6:7: "v1" does not say where the version stands
     6 | tag = "v1"
       |       ^^^^
    help: write "v{version}", or "{version}" for tags without a letter
    "#);
    insta::assert_snapshot!(errors(&package("forge = \"gitlab\"\n[[package.route]]\npath = \"/{a}\"\nto = \"https://x.example/{a}\"")), @r#"
    weir.toml:5:9: this says how releases are laid out, but there are none
     5 | forge = "gitlab"
       |         ^^^^^^^^
    help: add releases = "https://github.com/acme/rocket"
    "#);
}
