//! Ruby gems: the compact index, the Marshal index before it, and the gems themselves.
//!
//! `gem` takes the host where its HEAD of `/` (newer: of `/versions`) ends for the home of all that
//! follows, gems included. Those are never redirected, therefore; everything else is.

mod full_name;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;
use weir_event::Kind;

use crate::ecosystem::{Decision, onward};
use crate::fact::Fact;
use crate::head::Head;
use full_name::FullName;

/// Where clients begin.
const BEGINNINGS: [&str; 3] = ["/", "/versions", "/names"];
/// Where gems live.
const GEMS: &str = "/gems/";
/// Where one version of a gem is described.
const SPECIFICATIONS: &str = "/quick/Marshal.4.8/";
/// Where all versions of a gem are listed.
const INFO: &str = "/info/";

/// Decides a request below a gem server.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    let location = onward::address(index, path, head.query);
    if BEGINNINGS.contains(&path) {
        return Decision::uncounted(onward::through(head, index, &location));
    }
    let decoded = percent_decode_str(path).decode_utf8().unwrap_or_default();
    let Some(fact) = about(head, &decoded).filter(|fact| index.counts(&fact.package)) else {
        return onward::pass(head, index, path);
    };
    let plan = if fact.route == GEMS {
        onward::to_file(head, index, location)
    } else {
        onward::to_document(head, index, location)
    };
    Decision::new(plan, fact)
}

/// What a request is if it is about one gem.
fn about(head: &Head<'_>, path: &str) -> Option<Fact<'static>> {
    let metadata = onward::of_metadata(head);
    if let Some(file) = path.strip_prefix(GEMS) {
        let gem = FullName::read(file.strip_suffix(".gem")?)?;
        return Some(about_version(onward::of_file(head), GEMS, gem, file));
    }
    if let Some(file) = path.strip_prefix(SPECIFICATIONS) {
        let gem = FullName::read(file.strip_suffix(".gemspec.rz")?)?;
        return Some(about_version(metadata, SPECIFICATIONS, gem, file));
    }
    let mut fact = Fact::new(metadata, "rubygems", "", INFO);
    fact.package = Cow::Owned(path.strip_prefix(INFO)?.to_owned());
    Some(fact)
}

fn about_version(kind: Kind, route: &'static str, gem: FullName<'_>, file: &str) -> Fact<'static> {
    let own = |text: &str| Cow::<'static, str>::Owned(text.to_owned());
    let mut fact = Fact::new(kind, "rubygems", "", route);
    fact.package = own(gem.name);
    fact.version = own(gem.version);
    fact.artifact = own(file);
    fact.os = own(gem.platform.system);
    fact.arch = own(gem.platform.processor);
    if !gem.platform.text.is_empty() {
        fact.props = vec![("platform".into(), own(gem.platform.text))];
    }
    fact
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use crate::ecosystem::trace::explained;

    #[test]
    fn a_gem_is_a_download_and_where_clients_begin_is_answered_here() {
        let trace = include_str!("rubygems/trace.txt");
        insta::assert_snapshot!(explained(IndexKind::Rubygems, "/", &["demo-*"], trace), @r"
        # Ruby, RubyGems/3.3.15 x86_64-linux Ruby/3.1.2 (2022-04-12 patchlevel 20): gem install demo-compass
        HEAD /
          not counted
          200 with the headers of https://up.test/root/
        GET /info/demo-compass
          metadata | demo-compass | /info/
          302 to https://up.test/root/info/demo-compass
        GET /quick/Marshal.4.8/demo-compass-2.1.0-x86_64-linux.gemspec.rz
          metadata | demo-compass | /quick/Marshal.4.8/ | 2.1.0 | demo-compass-2.1.0-x86_64-linux.gemspec.rz | linux | x86_64 | platform=x86_64-linux
          302 to https://up.test/root/quick/Marshal.4.8/demo-compass-2.1.0-x86_64-linux.gemspec.rz
        GET /info/tideline-demo
          not counted
          302 to https://up.test/root/info/tideline-demo
        GET /quick/Marshal.4.8/tideline-demo-0.3.0.gemspec.rz
          not counted
          302 to https://up.test/root/quick/Marshal.4.8/tideline-demo-0.3.0.gemspec.rz
        GET /gems/tideline-demo-0.3.0.gem
          not counted
          302 to https://up.test/root/gems/tideline-demo-0.3.0.gem
        GET /gems/demo-compass-2.1.0-x86_64-linux.gem
          download | demo-compass | /gems/ | 2.1.0 | demo-compass-2.1.0-x86_64-linux.gem | linux | x86_64 | platform=x86_64-linux
          302 to https://up.test/root/gems/demo-compass-2.1.0-x86_64-linux.gem
        # the same against a server without a compact index
        GET /prerelease_specs.4.8.gz
          not counted
          302 to https://up.test/root/prerelease_specs.4.8.gz
        GET /specs.4.8.gz
          not counted
          302 to https://up.test/root/specs.4.8.gz
        # RubyGems 3.5
        HEAD /versions
          not counted
          200 with the headers of https://up.test/root/versions
        # bundler/2.3.15 rubygems/3.3.15 ruby/3.1.2 (x86_64-pc-linux-gnu) command/install options/no_install,path d64f06376ff26ec0: bundle install
        GET /versions
          not counted
          the bytes of https://up.test/root/versions, passed through
        GET /info/demo-compass
          metadata | demo-compass | /info/
          302 to https://up.test/root/info/demo-compass
        GET /info/tideline-demo
          not counted
          302 to https://up.test/root/info/tideline-demo
        # Ruby, RubyGems/3.3.15 …, for bundler
        GET /gems/tideline-demo-0.3.0.gem
          not counted
          302 to https://up.test/root/gems/tideline-demo-0.3.0.gem
        GET /gems/demo-compass-2.1.0-x86_64-linux.gem
          download | demo-compass | /gems/ | 2.1.0 | demo-compass-2.1.0-x86_64-linux.gem | linux | x86_64 | platform=x86_64-linux
          302 to https://up.test/root/gems/demo-compass-2.1.0-x86_64-linux.gem
        ");
    }
}
