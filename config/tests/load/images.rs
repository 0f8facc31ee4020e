//! Container images and patterns of them.

use crate::{errors, site};
use weir_config::catalogue::PackageKind;

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
