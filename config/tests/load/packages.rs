//! Packages, indexes and pixels, one at a time.

use crate::{errors, site};
use weir_config::catalogue::PackageKind;

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

#[test]
fn what_is_public_is_named_and_counted() {
    let index = |public: &str| {
        format!(
            "[[index]]\nkind = \"pypi\"\ndomains = [\"pypi.example\"]\nupstream = \"https://index.example/simple\"\n\
             packages = [\"rocket\", \"acme-*\"]\npublic = {public}\n"
        )
    };
    let good = site(&index("[\"rocket\", \"Acme.Cli\"]")).config();
    assert_eq!(good.catalogue.indexes[0].public, ["rocket", "acme-cli"]);
    insta::assert_snapshot!(site(&index("[\"acme-*\", \"lander\"]")).errors(), @r#"
    weir.toml:6:11: "acme-*" is no name that `packages` has
     6 | public = ["acme-*", "lander"]
       |           ^^^^^^^^
    help: write names of packages of this index, without "*"

    weir.toml:6:21: "lander" is no name that `packages` has
     6 | public = ["acme-*", "lander"]
       |                     ^^^^^^^^
    help: write names of packages of this index, without "*"
    "#);
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
fn the_uncounted_name_of_a_domain_is_taken() {
    insta::assert_snapshot!(errors("[[pixel]]\nid = \"a\"\npackage = \"p\"\ndomains = [\"a.example\", \"notrack.a.example\"]\n"), @r#"
    weir.toml:4:25: "notrack.a.example" is a domain's uncounted name
     4 | domains = ["a.example", "notrack.a.example"]
       |                         ^^^^^^^^^^^^^^^^^^^
    help: leave it out: each domain is served under this name too, to those who do not want to be counted
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
