//! What a provider's version consists of, on its way through (Terraform documentation, "Find a
//! Provider Package").

use serde_json::Value;

use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// The sums of a version's archives here. Their signature has `.sig` behind it.
pub(super) const SUMS: &str = "SHA256SUMS";

/// Brings the archive, the sums and their signature here. Keys and sums stay as they are.
pub(super) fn rewrite(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    let mut release: Value = serde_json::from_slice(source.body)
        .map_err(|_| Unreadable("a provider's version is JSON"))?;
    let archive = release.get("filename").and_then(Value::as_str);
    let archive = archive
        .filter(|name| !name.is_empty() && !name.contains('/') && !name.starts_with(SUMS))
        .ok_or(Unreadable("a provider's version names its archive"))?
        .to_owned();
    let folder = folder(source).ok_or(Unreadable("a provider's version has a platform"))?;
    let mut files = Files::default();
    for (field, file) in [
        ("download_url", archive),
        ("shasums_url", SUMS.to_owned()),
        ("shasums_signature_url", format!("{SUMS}.sig")),
    ] {
        let address = release.get(field).and_then(Value::as_str);
        let Some(url) = address.and_then(|address| source.url.join(address).ok()) else {
            continue;
        };
        release[field] = format!("{folder}{file}").into();
        files.insert(&file, url.into());
    }
    Ok(Rewritten {
        body: release.to_string().into_bytes(),
        files,
    })
}

/// Where the files are here. Clients resolve against the address that they asked, so a path is enough.
fn folder(source: &Source<'_>) -> Option<String> {
    let (version, platform) = source.name.split_once("/download/")?;
    let mount = source.mount();
    Some(format!("{mount}{}{version}/{platform}/", super::FILES))
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
            name: "acme/compass/2.1.0/download/linux/amd64",
            url: &"https://up.test/v1/providers/acme/compass/2.1.0/download/linux/amd64"
                .parse()
                .expect("an address"),
            base: "https://get.test/tf",
            body: body.as_bytes(),
        })
    }

    #[test]
    fn the_archive_and_its_sums_are_here_and_their_keys_untouched() {
        let release = rewritten(
            r#"{"protocols":["5.0"],"os":"linux","arch":"amd64","filename":"terraform-provider-compass_2.1.0_linux_amd64.zip","download_url":"https://f.test/a.zip?x=1","shasums_url":"/sums","shasums_signature_url":"../sums.sig","shasum":"00","signing_keys":{"gpg_public_keys":[{"key_id":"A1","ascii_armor":"-----"}]}}"#,
        )
        .expect("a release");
        insta::assert_snapshot!(String::from_utf8_lossy(&release.body), @r#"{"protocols":["5.0"],"os":"linux","arch":"amd64","filename":"terraform-provider-compass_2.1.0_linux_amd64.zip","download_url":"/tf/files/acme/compass/2.1.0/linux/amd64/terraform-provider-compass_2.1.0_linux_amd64.zip","shasums_url":"/tf/files/acme/compass/2.1.0/linux/amd64/SHA256SUMS","shasums_signature_url":"/tf/files/acme/compass/2.1.0/linux/amd64/SHA256SUMS.sig","shasum":"00","signing_keys":{"gpg_public_keys":[{"key_id":"A1","ascii_armor":"-----"}]}}"#);
        let mut files: Vec<_> = release
            .files
            .iter()
            .map(|(file, url)| format!("{file} {url}"))
            .collect();
        files.sort();
        insta::assert_snapshot!(files.join("\n"), @"
        SHA256SUMS https://up.test/sums
        SHA256SUMS.sig https://up.test/v1/providers/acme/compass/2.1.0/download/sums.sig
        terraform-provider-compass_2.1.0_linux_amd64.zip https://f.test/a.zip?x=1
        ");
    }

    #[test]
    fn what_names_no_archive_is_refused() {
        for body in [
            "",
            "{}",
            r#"{"filename":""}"#,
            r#"{"filename":"../x.zip"}"#,
            r#"{"filename":"SHA256SUMS"}"#,
        ] {
            assert!(rewritten(body).is_err(), "{body}");
        }
    }
}
