//! A host's services on their way through (Terraform documentation, "Remote Service Discovery").

use serde_json::Value;

use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// The service of providers.
pub(super) const PROVIDERS: &str = "providers.v1";
/// The service of modules.
pub(super) const MODULES: &str = "modules.v1";

/// Brings providers and modules here; signing in and all else stays with the upstream.
pub(super) fn rewrite(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    const EXPECTED: Unreadable = Unreadable("a host's services are a JSON object");
    let mut services: Value = serde_json::from_slice(source.body).map_err(|_| EXPECTED)?;
    let services = services.as_object_mut().ok_or(EXPECTED)?;
    let mount = source.mount();
    let mut files = Files::default();
    for (name, service) in services.iter_mut() {
        let Some(url) = service.as_str().and_then(|url| source.url.join(url).ok()) else {
            continue;
        };
        // Clients resolve against the address that they asked, so a path is enough.
        *service = match name.as_str() {
            PROVIDERS => format!("{mount}{}", super::PROVIDERS).into(),
            MODULES => format!("{mount}{}", super::MODULES).into(),
            _ => url.as_str().into(),
        };
        files.insert(name, url.into());
    }
    Ok(Rewritten {
        body: serde_json::to_vec(services).map_err(|_| EXPECTED)?,
        files,
    })
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::index;

    fn rewritten(body: &str) -> Result<Rewritten, Unreadable> {
        let index = index(IndexKind::Terraform, "/tf/", &["acme/*"]);
        rewrite(&Source {
            index: &index,
            name: "services",
            url: &"https://up.test/.well-known/terraform.json"
                .parse()
                .expect("an address"),
            base: "https://get.test/tf",
            body: body.as_bytes(),
        })
    }

    #[test]
    fn providers_and_modules_are_here_and_signing_in_is_not() {
        let services = rewritten(
            r#"{"providers.v1":"/api/providers/","modules.v1":"https://m.test/v1/modules/","login.v1":{"client":"cli"},"tfe.v2":"/api/v2/"}"#,
        )
        .expect("services");
        insta::assert_snapshot!(String::from_utf8_lossy(&services.body), @r#"{"providers.v1":"/tf/v1/providers/","modules.v1":"/tf/v1/modules/","login.v1":{"client":"cli"},"tfe.v2":"https://up.test/api/v2/"}"#);
        assert_eq!(
            services.files[PROVIDERS].to_string(),
            "https://up.test/api/providers/"
        );
        assert_eq!(
            services.files[MODULES].to_string(),
            "https://m.test/v1/modules/"
        );
    }

    #[test]
    fn what_tells_no_services_is_refused() {
        assert!(rewritten("<html>").is_err() && rewritten("[]").is_err());
    }
}
