//! What two entries cannot both have.

use std::time::{Duration, Instant};

use crate::{errors, route, site};

/// Two packages of one route each on the same domain.
fn pair(one: &str, other: &str) -> String {
    route(one) + &route(other)
}

#[test]
fn two_routes_for_the_same_requests_are_refused() {
    insta::assert_snapshot!(errors(&pair("path = \"/a/{x}\"", "path = \"/a/{y}\"")), @r#"
    weir.toml:12:8: this route matches the same requests as "/a/{x}" at weir.toml:6:8
     12 | path = "/a/{y}"
        |        ^
    help: remove one of the two; the one written first would always win
    "#);
    insta::assert_snapshot!(errors(&pair("path = \"/a?x=1&y={y}\"", "path = \"/a?y={z}&x=1\"")), @r#"
    weir.toml:12:8: this route matches the same requests as "/a?x=1&y={y}" at weir.toml:6:8
     12 | path = "/a?y={z}&x=1"
        |        ^
    help: remove one of the two; the one written first would always win
    "#);
}

#[test]
fn routes_that_sometimes_compete_are_warned_of() {
    insta::assert_snapshot!(site(&pair("path = \"/{a}-{b}\"", "path = \"/{a}.{b}\"")).warnings(), @r#"
    weir.toml:12:8: some requests match both this route and "/{a}-{b}" at weir.toml:6:8
     12 | path = "/{a}.{b}"
        |        ^
    help: "/{a}-{b}" wins them, being written first
    "#);
}

#[test]
fn routes_of_different_rank_or_text_do_not_compete() {
    for (one, other) in [
        ("/a/{x}", "/a/b"),
        ("/a/{x}", "/b/{x}"),
        ("/{x}.zip", "/{x}.tgz"),
        ("/a?x=1", "/a?x=2"),
        ("/a", "/a?x=1"),
    ] {
        let toml = pair(&format!("path = {one:?}"), &format!("path = {other:?}"));
        assert_eq!(site(&toml).warnings(), "", "{one} {other}");
    }
}

/// Images of these names on one domain.
fn images(names: &[&str]) -> String {
    let image = |name: &&str| {
        format!(
            "[[package]]\nname = \"acme\"\nkind = \"oci\"\ndomains = [\"cr.example\"]\nimage = \"{name}\"\nupstream = \"https://registry.example/{name}\"\n"
        )
    };
    names.iter().map(image).collect()
}

#[test]
fn an_image_is_served_once_on_a_domain() {
    insta::assert_snapshot!(errors(&images(&["library/*", "library/*"])), @r#"
    weir.toml:8:8: image "library/*" on cr.example is already taken at weir.toml:2:8
     8 | name = "acme"
       |        ^
    help: remove one of the two, or give it another domain
    "#);
}

#[test]
fn patterns_of_equal_rank_that_share_names_are_warned_of() {
    insta::assert_snapshot!(site(&images(&["aa/*", "*/bb", "cc/*"])).warnings(), @r#"
    weir.toml:8:8: some names fit both "*/bb" and "aa/*" at weir.toml:2:8
     8 | name = "acme"
       |        ^
    help: "aa/*" wins them, being written first

    weir.toml:14:8: some names fit both "cc/*" and "*/bb" at weir.toml:8:8
     14 | name = "acme"
        |        ^
    help: "*/bb" wins them, being written first
    "#);
}

#[test]
fn a_more_exact_image_does_not_compete_with_a_pattern() {
    for names in [
        ["library/*", "library/nginx"],
        ["**", "library/*"],
        ["*", "*/*"],
    ] {
        assert_eq!(site(&images(&names)).warnings(), "", "{names:?}");
    }
}

#[test]
fn routes_on_different_domains_do_not_compete() {
    let toml = route("path = \"/{x}\"")
        + &route("path = \"/{x}\"").replace("get.example", "other.example");
    assert_eq!(site(&toml).warnings(), "");
}

#[test]
fn a_pair_is_reported_once_however_many_domains_it_shares() {
    let toml = pair("path = \"/{x}\"", "path = \"/{y}\"")
        .replace("[\"get.example\"]", "[\"a.example\", \"b.example\"]");
    assert_eq!(
        errors(&toml).matches("matches the same requests").count(),
        1
    );
}

#[test]
fn a_domain_has_one_catch_all_and_each_regex_once() {
    insta::assert_snapshot!(errors(&pair("catch_all = true", "catch_all = true")), @"
    weir.toml:12:13: every path on get.example is already taken at weir.toml:6:13
     12 | catch_all = true
        |             ^
    help: remove one of the two, or give it another domain
    ");
    insta::assert_snapshot!(errors(&pair("regex = \"/a+\"", "regex = \"/a+\"")), @r#"
    weir.toml:12:9: regex "/a+" on get.example is already taken at weir.toml:6:9
     12 | regex = "/a+"
        |         ^
    help: remove one of the two, or give it another domain
    "#);
}

#[test]
fn images_indexes_and_pixels_are_alone_in_their_place() {
    let image = "[[package]]\nname = \"a\"\nkind = \"oci\"\ndomains = [\"a.example\"]\nimage = \"server\"\nupstream = \"https://registry.example/a\"\n";
    let index = "[[index]]\nkind = \"pypi\"\ndomains = [\"a.example\"]\nupstream = \"https://index.example/simple/\"\npackages = [\"a\"]\n";
    let pixel = "[[pixel]]\nid = \"docs\"\ndomains = [\"a.example\"]\npackage = \"a\"\n";
    insta::assert_snapshot!(errors(&[image, index, pixel].concat().repeat(2)), @r#"
    weir.toml:17:8: image "server" on a.example is already taken at weir.toml:2:8
     17 | name = "a"
        |        ^
    help: remove one of the two, or give it another domain

    weir.toml:22:1: an index at "/" on a.example is already taken at weir.toml:7:1
     22 | [[index]]
        | ^
    help: remove one of the two, or give it another domain

    weir.toml:28:6: pixel "docs" on a.example is already taken at weir.toml:13:6
     28 | id = "docs"
        |      ^
    help: remove one of the two, or give it another domain
    "#);
}

#[test]
fn a_pixel_for_an_unknown_package_is_warned_of() {
    let toml = route("path = \"/a\"")
        + "[[pixel]]\nid = \"docs\"\ndomains = [\"a.example\"]\npackage = \"acme/rokcet\"\n";
    insta::assert_snapshot!(site(&toml).warnings(), @r#"
    weir.toml:8:6: no package here is called "acme/rokcet", which this pixel counts for
     8 | id = "docs"
       |      ^
    help: did you mean "acme/rocket"?
    "#);
}

#[test]
fn looks_at_badges_are_counted_once_and_badges_need_a_public_package() {
    let pixel = |id: &str| {
        format!(
            "[[pixel]]\nid = \"{id}\"\ndomains = [\"a.example\"]\npackage = \"acme/rocket\"\nbadge = true\n"
        )
    };
    let toml = route("path = \"/a\"") + &pixel("docs");
    insta::assert_snapshot!(site(&toml).warnings(), @r#"
    weir.toml:8:6: badges of "acme/rocket" say nothing: it is not public
     8 | id = "docs"
       |      ^
    help: give the package public = true, or leave out badge
    "#);
    let both = site(&(toml + &pixel("readme"))).errors();
    let taken = "counting looks at badges of \"acme/rocket\" on a.example is already taken at weir.toml:8:6";
    assert!(both.contains(taken), "{both}");
}

#[test]
fn ten_thousand_routes_of_one_form_are_compared_in_time() {
    let head = "[[package]]\nname = \"a\"\nkind = \"file\"\ndomains = [\"a.example\"]\n".to_owned();
    let route =
        |number| format!("[[package.route]]\npath = \"/{{v}}/package-{number:05}-{{arch}}.tgz\"\n");
    let site = site(&(head + &(0..10_000).map(route).collect::<String>()));
    assert_eq!(site.warnings(), "");
}

/// Finding the place of each route by counting lines from the start took minutes.
#[test]
fn a_hundred_thousand_routes_load_in_time() {
    let route = |number| {
        format!("[[package.route]]\npath = \"/{number}/{{version}}/{{os}}-{{arch}}.tgz\"\n")
    };
    let routes: String = (0..10).map(route).collect();
    let package = |number| {
        let head = "[[package]]\nname = \"p\"\nkind = \"file\"";
        format!("{head}\ndomains = [\"d{number}.example\"]\n{routes}")
    };
    let site = site(&(0..10_000).map(package).collect::<String>());
    let start = Instant::now();
    assert_eq!(site.config().catalogue.packages.len(), 10_000);
    let took = start.elapsed();
    assert!(took < Duration::from_mins(1), "{took:?}");
}

#[test]
fn a_route_below_an_index_is_never_reached() {
    let text = |path: &str| {
        format!(
            "{}\n[[index]]\nkind = \"npm\"\ndomains = [\"get.example\"]\npath = \"{path}\"\nupstream = \"https://up.example\"\npackages = [\"*\"]\n",
            route("path = \"/js/{v}\"\nto = \"https://cdn.example/{v}\"")
        )
    };
    insta::assert_snapshot!(site(&text("/js")).warnings(), @r#"
    weir.toml:6:8: the index at "/js/" takes every request of this route (weir.toml:9:1)
     6 | path = "/js/{v}"
       |        ^
    help: give the index a path or a domain of its own
    "#);
    assert_eq!(site(&text("/jsx")).warnings(), "");
}

#[test]
fn a_domain_has_one_owner_and_an_owner_a_name() {
    let owned =
        |domain: &str, owner: &str| format!("[[domain]]\nname = {domain:?}\nowner = {owner:?}\n");
    let served = route("path = \"/a\"");
    let two = owned("get.example", "alice") + &owned("get.example", "bob");
    insta::assert_snapshot!(errors(&(two + &served)), @r#"
    weir.toml:5:8: get.example belongs to "alice" already, at weir.toml:2:8
     5 | name = "get.example"
       |        ^
    help: a domain has one owner: remove one of the two
    "#);
    insta::assert_snapshot!(errors(&(owned("get.example", "Alice & Bob") + &served)), @r#"
    weir.toml:3:9: "Alice & Bob" cannot name an owner
     3 | owner = "Alice & Bob"
       |         ^^^^^^^^^^^^^
    help: use 1 to 64 small letters, digits, "-", "_" and "."
    "#);
    insta::assert_snapshot!(site(&(owned("got.example", "alice") + &served)).warnings(), @r#"
    weir.toml:2:8: nothing is served on "got.example"
     2 | name = "got.example"
       |        ^^^^^^^^^^^^^
    help: did you mean "get.example"?
    "#);
}
