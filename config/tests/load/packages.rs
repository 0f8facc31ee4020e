//! Packages, indexes and pixels, one at a time.

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
fn an_image_is_parted_into_registry_and_repository() {
    let site = site(
        "[[package]]\nname = \"acme/server\"\nkind = \"oci\"\ndomains = \"CR.Example.\"\nimage = \"server\"\n\
         upstream = \"https://registry.example:5000/acme/server/\"\nproxy = true\n",
    );
    insta::assert_debug_snapshot!(site.config().catalogue.packages[0].kind, @r#"
    Oci(
        Image {
            name: Names {
                text: "server",
                segments: [
                    Word(
                        "server",
                    ),
                ],
            },
            registry: Url {
                scheme: "https",
                cannot_be_a_base: false,
                username: "",
                password: None,
                host: Some(
                    Domain(
                        "registry.example",
                    ),
                ),
                port: Some(
                    5000,
                ),
                path: "/",
                query: None,
                fragment: None,
            },
            repository: "acme/server",
            private: false,
            credentials: None,
            proxy: true,
        },
    )
    "#);
    assert_eq!(site.config().catalogue.packages[0].domains, ["cr.example"]);
}

#[test]
fn a_pattern_of_images_names_its_packages_by_what_it_matches() {
    for (name, image, upstream, package) in [
        ("acme", "library/*", "mirror/*", "acme/*"),
        ("acme/*", "library/*", "*", "acme/*"),
        ("acme", "*/x/**", "*/**", "acme/*/**"),
        ("nginx", "nginx", "library/nginx", "nginx"),
    ] {
        let site = site(&format!(
            "[[package]]\nname = {name:?}\nkind = \"oci\"\ndomains = \"cr.example\"\nimage = {image:?}\nupstream = \"https://registry.example/{upstream}\"\n"
        ));
        let config = site.config();
        assert_eq!(config.catalogue.packages[0].name, package);
        let PackageKind::Oci(image) = &config.catalogue.packages[0].kind else {
            panic!("a package of kind oci");
        };
        assert_eq!(image.repository, upstream);
    }
}

#[test]
fn the_marks_of_a_pattern_stand_in_its_upstream_and_all_or_none_in_its_name() {
    let image = |name: &str, image: &str, upstream: &str| {
        errors(&format!(
            "[[package]]\nname = {name:?}\nkind = \"oci\"\ndomains = [\"cr.example\"]\nimage = {image:?}\nupstream = {upstream:?}\n"
        ))
    };
    insta::assert_snapshot!(image("acme", "library/*", "https://registry.example/library"), @r#"
    weir.toml:6:12: the upstream has other marks than the image "library/*"
     6 | upstream = "https://registry.example/library"
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: write each "*" and "**" of the image into the upstream, in the same order
    "#);
    insta::assert_snapshot!(image("acme/**", "library/*", "https://registry.example/*"), @r#"
    weir.toml:2:8: the name has other marks than the image "library/*"
     2 | name = "acme/**"
       |        ^^^^^^^^^
    help: put "*" into it, or no mark: then what was matched stands behind the name
    "#);
    insta::assert_snapshot!(image("acme", "**/**", "https://registry.example/**/**"), @r#"
    weir.toml:5:9: "**/**" has more than one "*" in a segment, or more than one "**"
     5 | image = "**/**"
       |         ^^^^^^^
    help: use lower-case letters, digits and single ".", "_", "-" between them, parted by "/"; "*" for a segment, "**" for any number of them
    "#);
}

#[test]
fn an_index_keeps_names_in_their_normal_form() {
    let site = site(
        "[[index]]\nkind = \"pypi\"\ndomains = [\"pypi.example\"]\nupstream = \"https://index.example/simple\"\n\
         packages = [\"Acme_.Rocket\", \"rocket-*\"]\n",
    );
    let index = &site.config().catalogue.indexes[0];
    assert_eq!(index.upstream.as_str(), "https://index.example/simple/");
    let fits = |name| index.packages.iter().any(|pattern| pattern.matches(name));
    assert!(fits("acme-rocket") && fits("rocket-engine") && !fits("rocket"));
}

const PROJECT: &str =
    "[[package]]\nname = \"Acme.Rocket\"\nkind = \"python\"\ndomains = [\"py.example\"]\n";

#[test]
fn a_python_project_lists_its_files() {
    let sha256 = "AB".repeat(32);
    let site = site(&format!(
        "{PROJECT}status = 307\n[[package.file]]\nurl = \"https://files.example/p/acme_rocket-1.0%2Ba.tar.gz?x=1\"\n\
         hash = \"sha256={sha256}\"\nrequires_python = \">=3.8\"\ngpg_sig = false\n\
         [[package.file]]\nurl = \"https://files.example/get/17\"\nfilename = \"acme_rocket-1.1-py3-none-any.whl\"\n"
    ));
    let catalogue = site.config().catalogue;
    let PackageKind::Python(project) = &catalogue.packages[0].kind else {
        panic!("a package of kind python");
    };
    let names: Vec<_> = project.files.iter().map(|file| &file.filename).collect();
    assert_eq!(
        (project.name.as_str(), project.status, names.as_slice()),
        (
            "acme-rocket",
            307,
            &[
                &"acme_rocket-1.0+a.tar.gz".to_owned(),
                &"acme_rocket-1.1-py3-none-any.whl".to_owned()
            ][..]
        )
    );
    let hash = project.files[0].hash.clone().unwrap();
    assert_eq!(
        (hash.algorithm, hash.hex),
        ("sha256", sha256.to_lowercase())
    );
}

#[test]
fn a_wrong_python_project_says_what_to_write() {
    insta::assert_snapshot!(errors(PROJECT), @r#"
    weir.toml:1:1: the package has no file, so there is nothing to install
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add [[package.file]] with a url below it
    "#);
    insta::assert_snapshot!(errors(&PROJECT.replace("Acme.Rocket", "acme/rocket-")), @r#"
    weir.toml:1:1: the package has no file, so there is nothing to install
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add [[package.file]] with a url below it

    weir.toml:2:8: "acme/rocket-" is not a Python project's name
     2 | name = "acme/rocket-"
       |        ^^^^^^^^^^^^^^
    help: use letters, digits and ".", "_" and "-" between them, as pip has it
    "#);
    insta::assert_snapshot!(
        errors(&format!(
            "{PROJECT}[[package.file]]\nurl = \"https://files.example/a-1.tar.gz#sha256=00\"\n\
             [[package.file]]\nurl = \"https://files.example/\"\nhash = \"sha256=00\"\n\
             [[package.file]]\nurl = \"https://files.example/b-1.tar.gz\"\n\
             [[package.file]]\nurl = \"https://files.example/x\"\nfilename = \"b-1.tar.gz\"\n"
        )),
        @r##"
        weir.toml:6:7: the address of a file has no fragment
         6 | url = "https://files.example/a-1.tar.gz#sha256=00"
           |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: leave out "#" and what follows; a hash goes into hash = "sha256=…"

        weir.toml:8:7: "" is not the name of a file to install
         8 | url = "https://files.example/"
           |       ^^^^^^^^^^^^^^^^^^^^^^^^
        help: write filename = "NAME-VERSION.tar.gz" or a wheel's name

        weir.toml:9:8: "sha256=00" is not a hash
         9 | hash = "sha256=00"
           |        ^^^^^^^^^^^
        help: write sha256= and 64 hex digits

        weir.toml:14:12: "b-1.tar.gz" stands here twice
         14 | filename = "b-1.tar.gz"
            |            ^^^^^^^^^^^^
        help: leave one out
        "##
    );
}

#[test]
fn what_is_missing_is_named() {
    insta::assert_snapshot!(errors("[[package]]\n[[index]]\nkind = \"pypi\"\n[[pixel]]\n"), @r#"
    weir.toml:1:1: "name" is missing
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add name = "acme/rocket"

    weir.toml:1:1: "domains" is missing
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add domains = ["get.acme.example"]

    weir.toml:1:1: "kind" is missing
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add kind = "file"

    weir.toml:2:1: "domains" is missing
     2 | [[index]]
       | ^^^^^^^^^
    help: add domains = ["get.acme.example"]

    weir.toml:2:1: "upstream" is missing
     2 | [[index]]
       | ^^^^^^^^^
    help: add upstream = "https://registry/simple/"

    weir.toml:2:1: "packages" is missing
     2 | [[index]]
       | ^^^^^^^^^
    help: add packages = ["rocket*"]

    weir.toml:4:1: "id" is missing
     4 | [[pixel]]
       | ^^^^^^^^^
    help: add id = "docs"

    weir.toml:4:1: "domains" is missing
     4 | [[pixel]]
       | ^^^^^^^^^
    help: add domains = ["get.acme.example"]

    weir.toml:4:1: "package" is missing
     4 | [[pixel]]
       | ^^^^^^^^^
    help: add package = "acme/rocket"
    "#);
}

#[test]
fn unknown_kinds_are_refused() {
    insta::assert_snapshot!(errors("[[package]]\nname = \"a\"\nkind = \"docker\"\ndomains = [\"a.example\"]\n[[index]]\nkind = \"pipy\"\ndomains = [\"b.example\"]\n"), @r#"
    weir.toml:3:8: unknown kind "docker"
     3 | kind = "docker"
       |        ^^^^^^^^
    help: known: file, oci, script, event, python

    weir.toml:6:8: unknown kind "pipy"
     6 | kind = "pipy"
       |        ^^^^^^
    help: known: pypi, npm, cargo, go, maven, rubygems, helm, nuget, composer, apt, rpm, conda, hex, homebrew, terraform
    "#);
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
fn names_are_plain_text() {
    insta::assert_snapshot!(errors("[[pixel]]\nid = \"a/b\"\ndomains = [\"a.example\"]\npackage = \"a\\u0007b\"\n"), @r#"
    weir.toml:2:6: "a/b" cannot be a pixel's id
     2 | id = "a/b"
       |      ^^^^^
    help: use 1 to 64 letters, digits, "-" and "_"

    weir.toml:4:11: a name cannot hold control characters
     4 | package = "a\u0007b"
       |           ^^^^^^^^^^
    help: write the name that your users know, such as "acme/rocket"
    "#);
}

#[test]
fn domains_are_bare_host_names() {
    insta::assert_snapshot!(errors("[[pixel]]\nid = \"a\"\npackage = \"p\"\ndomains = [\"a.example:80\", \"https://a.example\", \"*.example\", \"a..b\", \"größe.example\", \"A.example\", \"a.example\", \"a_b\"]\n"), @r#"
    weir.toml:4:12: "a.example:80" is not a host name
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |            ^^^^^^^^^^^^^^
    help: leave out the port: a domain is served on every port that the gateway listens on

    weir.toml:4:28: "https://a.example" is not a host name
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |                            ^^^^^^^^^^^^^^^^^^^
    help: write the host name alone, without scheme and path

    weir.toml:4:49: "*.example" is not a host name
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |                                                 ^^^^^^^^^^^
    help: name each domain: there are no wildcards here

    weir.toml:4:62: "a..b" is not a host name
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |                                                              ^^^^^^
    help: use letters, digits and "-", parted by "."

    weir.toml:4:70: "größe.example" is not a host name
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |                                                                      ^^^^^^^^^^^^^^^
    help: write it as DNS has it, with xn-- before the encoded part

    weir.toml:4:100: "a.example" stands here twice
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |                                                                                                    ^^^^^^^^^^^
    help: leave one out

    weir.toml:4:113: "a_b" is not a host name
     4 | domains = ["a.example:80", "https://a.example", "*.example", "a..b", "größe.example", "A.example", "a.example", "a_b"]
       |                                                                                                                 ^^^^^
    help: use letters, digits and "-", parted by "."
    "#);
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
    help: upstreams are reached by https or http
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
    help: known here: path, regex, catch_all, status, post_only, tokens_file
    "#);
}

#[test]
fn an_image_needs_a_name_here_and_there() {
    let image = |image: &str, upstream: &str| {
        errors(&format!(
            "[[package]]\nname = \"a\"\nkind = \"oci\"\ndomains = [\"cr.example\"]\nimage = {image:?}\nupstream = {upstream:?}\n"
        ))
    };
    insta::assert_snapshot!(image("Server:1", "https://registry.example"), @r#"
    weir.toml:5:9: "Server:1" is not an image name
     5 | image = "Server:1"
       |         ^^^^^^^^^^
    help: use lower-case letters, digits and single ".", "_", "-" between them, parted by "/"; "*" for a segment, "**" for any number of them

    weir.toml:6:12: the upstream of an image is a registry with the image's name behind it
     6 | upstream = "https://registry.example"
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: write https://registry/owner/image, without tag
    "#);
    insta::assert_snapshot!(image("server", "https://registry.example/a?b=1"), @r###"
    weir.toml:6:12: an upstream has no query and no fragment
     6 | upstream = "https://registry.example/a?b=1"
       |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: leave out "?" or "#" and what follows
    "###);
    insta::assert_snapshot!(image("server", "https://user:hunter2@registry.example/a"), @"
    weir.toml:6:12: a URL here cannot hold a user or password
    help: put them into a file and name it by a key such as credentials_file
    ");
}

#[test]
fn a_pattern_holds_what_package_names_hold() {
    insta::assert_snapshot!(errors("[[index]]\nkind = \"pypi\"\ndomains = [\"a.example\"]\nupstream = \"https://index.example/simple/\"\npackages = [\"a/b\", \"\"]\n"), @r#"
    weir.toml:5:13: "a/b" fits no package name
     5 | packages = ["a/b", ""]
       |             ^^^^^
    help: use letters, digits, ".", "_", "-" and "*" for any run of them, such as "rocket-*"

    weir.toml:5:20: "" fits no package name
     5 | packages = ["a/b", ""]
       |                    ^^
    help: use letters, digits, ".", "_", "-" and "*" for any run of them, such as "rocket-*"
    "#);
}

#[test]
fn all_problems_are_shown_in_the_order_written() {
    insta::assert_snapshot!(errors("[[package]]\nname = \"a\"\nkind = \"file\"\ndomain = [\"a.example\"]\n[[package.route]]\npath = \"x\"\nstatus = 303\n[spool]\nquota = 1\n"), @r#"
    weir.toml:1:1: "domains" is missing
     1 | [[package]]
       | ^^^^^^^^^^^
    help: add domains = ["get.acme.example"]

    weir.toml:4:1: unknown key "domain"
     4 | domain = ["a.example"]
       | ^^^^^^
    help: did you mean "domains"?

    weir.toml:6:9: a path begins with "/"
     6 | path = "x"
       |         ^
    help: write "/x"

    weir.toml:7:10: a route cannot answer 303
     7 | status = 303
       |          ^^^
    help: write 302, or 307 where the method must be kept

    weir.toml:9:9: too little: the least that works is 64 MiB
     9 | quota = 1
       |         ^
    "#);
}

#[test]
fn several_indexes_share_a_domain_by_their_paths() {
    let index = |path: &str| {
        format!(
            "[[index]]\nkind = \"npm\"\ndomains = [\"a.example\"]\n{path}upstream = \"https://up.example\"\npackages = [\"*\"]\n"
        )
    };
    let text = index("") + &index("path = \"/js\"\n") + &index("path = \"/old/js/\"\n");
    let config = site(&text).config();
    let paths: Vec<&str> = config
        .catalogue
        .indexes
        .iter()
        .map(|index| index.path.as_str())
        .collect();
    assert_eq!(paths, ["/", "/js/", "/old/js/"]);
    let js = &config.catalogue.indexes[1];
    assert_eq!(js.below("/js/left-pad"), Some("/left-pad"));
    for elsewhere in ["/jsx/left-pad", "/js", "/old/js/x"] {
        assert_eq!(js.below(elsewhere), None, "{elsewhere}");
    }
    insta::assert_snapshot!(errors(&index("path = \"/-/js\"\n")), @r#"
    weir.toml:4:8: an index cannot be served at "/-/js"
     4 | path = "/-/js"
       |        ^^^^^^^
    help: choose another: "/-/" is Weir's own, and "/v2/" belongs to container images
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
            route.name,
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
