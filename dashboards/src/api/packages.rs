//! The packages there are: those configured and those that events name.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, Failure, no_such_package};
use crate::accounts::Caller;
use crate::answers::{AskError, LIVE};
use crate::query::{self, Malformed, Target};
use crate::server::ConfiguredPackage;

/// All packages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Packages {
    /// Most downloads first.
    packages: Vec<Package>,
}

/// A package.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Package {
    /// The name that events carry, such as `acme/rocket`.
    name: String,
    /// Kind of registry: file, oci, pypi, event, docs; empty when only old events name the package.
    ecosystem: String,
    /// Host names that serve it.
    domains: Vec<String>,
    /// Commands that send a first event through those; what stands in braces is for the reader to fill.
    #[serde(rename = "try")]
    commands: Vec<String>,
    /// Whether the configuration has it.
    configured: bool,
    /// Downloads of the last 28 UTC days, this one included.
    downloads_28d: u64,
    /// When it was last heard of: to the minute for two days, to the UTC day after that.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_event: Option<Timestamp>,
}

/// All packages that one may see, configured or seen.
#[utoipa::path(get, path = "/packages", tag = "numbers", responses(
    (status = 200, description = "most downloads first", body = Packages),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn list(
    caller: Caller,
    State(dashboard): State<Shared>,
) -> Result<Json<Packages>, Failure> {
    let target = Target::All.within(&caller.packages);
    let target = target.ok_or_else(no_such_package)?;
    let sql = query::packages(&target, (dashboard.clock)());
    let rows = dashboard.answers.rows(sql, LIVE).await?;
    let seen = rows
        .cells
        .iter()
        .map(|row| seen(row))
        .collect::<Result<_, _>>()
        .map_err(AskError::from)?;
    let mut configured = (dashboard.catalogue)();
    configured.retain(|package| caller.packages.has(&package.name));
    Ok(Json(Packages {
        packages: united(seen, configured),
    }))
}

/// Reads a row of `packages.sql`.
fn seen(row: &[Value]) -> Result<Package, Malformed> {
    let [name, downloads, last_event, ecosystem] = row else {
        return Err(Malformed);
    };
    let last_event = query::count(last_event).ok_or(Malformed)?;
    Ok(Package {
        name: query::text(name),
        ecosystem: query::text(ecosystem),
        domains: Vec::new(),
        commands: Vec::new(),
        configured: false,
        downloads_28d: query::count(downloads).ok_or(Malformed)?,
        last_event: i64::try_from(last_event)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok()),
    })
}

/// Packages seen, with what the configuration says about them, then those not seen yet.
fn united(mut packages: Vec<Package>, configured: Vec<ConfiguredPackage>) -> Vec<Package> {
    for ConfiguredPackage {
        name,
        ecosystem,
        domains,
        commands,
        ..
    } in configured
    {
        let known = packages.iter_mut().find(|package| package.name == name);
        if let Some(package) = known {
            package.domains.extend(domains);
            package.commands.extend(commands);
            package.configured = true;
            package.ecosystem = ecosystem;
        } else {
            packages.push(Package {
                name,
                ecosystem,
                domains,
                commands,
                configured: true,
                downloads_28d: 0,
                last_event: None,
            });
        }
    }
    packages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(name: &str, domain: &str) -> ConfiguredPackage {
        ConfiguredPackage {
            name: name.to_owned(),
            ecosystem: "file".to_owned(),
            domains: vec![domain.to_owned()],
            commands: vec![format!("curl http://{domain}/")],
            public: false,
        }
    }

    #[test]
    fn a_package_is_listed_once_with_all_its_domains() {
        let row = [
            Value::from("acme/rocket"),
            7.into(),
            1_790_000_040.into(),
            "pypi".into(),
        ];
        let packages = vec![seen(&row).expect("a row of packages.sql")];
        let packages = united(
            packages,
            vec![
                configured("acme/rocket", "get.acme.example"),
                configured("acme/rocket", "dl.acme.example"),
                configured("acme/new", "get.acme.example"),
            ],
        );
        let json = serde_json::to_string_pretty(&packages).expect("plain data");
        insta::assert_snapshot!(json, @r#"
        [
          {
            "name": "acme/rocket",
            "ecosystem": "file",
            "domains": [
              "get.acme.example",
              "dl.acme.example"
            ],
            "try": [
              "curl http://get.acme.example/",
              "curl http://dl.acme.example/"
            ],
            "configured": true,
            "downloads_28d": 7,
            "last_event": "2026-09-21T14:14:00Z"
          },
          {
            "name": "acme/new",
            "ecosystem": "file",
            "domains": [
              "get.acme.example"
            ],
            "try": [
              "curl http://get.acme.example/"
            ],
            "configured": true,
            "downloads_28d": 0,
            "last_event": null
          }
        ]
        "#);
    }

    #[test]
    fn a_row_of_another_shape_is_refused() {
        assert_eq!(seen(&[]), Err(Malformed));
        assert_eq!(
            seen(&["a".into(), "b".into(), 1.into(), "c".into()]),
            Err(Malformed)
        );
    }
}
