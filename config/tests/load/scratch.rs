#[test]
fn big() {
    let mut toml = String::new();
    for package in 0..10_000 {
        toml += &format!(
            "[[package]]\nname = \"p{package}\"\nkind = \"file\"\ndomains = [\"d{package}.example\"]\n"
        );
        for route in 0..10 {
            toml += &format!(
                "[[package.route]]\npath = \"/r{route}/{{version}}/{{os}}-{{arch}}.tar.gz\"\nto = \"https://cdn.example/{package}/{{version}}/{{os}}-{{arch}}.tar.gz\"\n"
            );
        }
    }
    let site = crate::site(&toml);
    let start = std::time::Instant::now();
    let config = site.config();
    println!(
        "{} bytes, {} packages, {:?}",
        toml.len(),
        config.catalogue.packages.len(),
        start.elapsed()
    );
}
