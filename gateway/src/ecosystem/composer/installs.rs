//! Composer's notice of what it has installed: one body for a whole run, from a warm cache as well.

use serde_json::Value;
use weir_config::catalogue::Pattern;

use super::{normal, version};
use crate::answer::Reply;
use crate::fact::Fact;

/// Longest version that is taken.
const LONGEST_VERSION: usize = 128;

/// The installs of packages of `ours` in `{"downloads":[{"name":…,"version":…}]}`, each on top of
/// `base`. What is not understood is left out: the sender would not know what to do about it.
pub(crate) fn read(base: &Fact<'static>, body: &[u8], ours: &[Pattern]) -> Vec<Fact<'static>> {
    let notice: Value = serde_json::from_slice(body).unwrap_or_default();
    let installs = notice.get("downloads").and_then(Value::as_array);
    let installs = installs.into_iter().flatten();
    installs
        .filter_map(|install| read_one(base, install, ours))
        .collect()
}

fn read_one(base: &Fact<'static>, install: &Value, ours: &[Pattern]) -> Option<Fact<'static>> {
    let package = normal(install.get("name")?.as_str()?)?;
    let version = install.get("version")?.as_str()?;
    let counts = ours.iter().any(|pattern| pattern.matches(&package))
        && version.len() <= LONGEST_VERSION
        && version.bytes().all(|byte| byte.is_ascii_graphic());
    counts.then(|| Fact {
        package: package.into(),
        version: version::plain(version).into(),
        ..base.clone()
    })
}

/// The answer, whatever was sent: Composer has installed all the same.
pub(crate) fn thanks() -> Reply {
    Reply::json(200, &serde_json::json!({ "status": "success" })).with("cache-control", "no-store")
}

#[cfg(test)]
mod tests {
    use weir_event::Kind;

    use super::*;

    fn lines(body: &str) -> Vec<String> {
        let base = Fact::new(Kind::InstallPing, "composer", "", "");
        let facts = read(&base, body.as_bytes(), &[Pattern("acme/*".to_owned())]);
        let line = |fact: &Fact<'_>| format!("{} {}", fact.package, fact.version);
        facts.iter().map(line).collect()
    }

    #[test]
    fn each_package_of_ours_is_one_install() {
        let body = r#"{"downloads":[{"name":"acme\/Compass","version":"2.1.0.0"},{"name":"tideline\/demo","version":"0.3.0.0"},{"name":"acme/rose","version":"dev-main","downloaded":true}]}"#;
        assert_eq!(lines(body), ["acme/compass 2.1.0", "acme/rose dev-main"]);
    }

    #[test]
    fn what_is_no_install_is_left_out() {
        for body in [
            "",
            "{",
            "[]",
            r#"{"downloads":{}}"#,
            r#"{"downloads":[7,{"name":"acme/compass"},{"name":"acme/a b","version":"1"}]}"#,
            r#"{"downloads":[{"name":"acme/compass","version":"1\n2"}]}"#,
        ] {
            assert!(lines(body).is_empty(), "{body}");
        }
    }
}
