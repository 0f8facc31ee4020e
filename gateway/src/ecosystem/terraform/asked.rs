//! What a path below one of a registry's services asks for.

use percent_encoding::percent_decode_str;

/// Something of one provider or module.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// `NAMESPACE/TYPE` of a provider, `NAMESPACE/NAME/SYSTEM` of a module; in lower case, as hosts
    /// compare them.
    pub(super) package: String,
    /// Nothing where all versions are asked for.
    pub(super) version: String,
    pub(super) thing: Thing,
}

/// What of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Thing {
    /// Its versions.
    List,
    /// What a provider's version consists of on a platform.
    Release { os: String, arch: String },
    /// One of these parts: the zip, the sums or their signature.
    File {
        os: String,
        arch: String,
        file: String,
    },
    /// Where a module's version is to be had.
    Source,
    /// That, where it is an archive.
    Archive { file: String },
}

impl Asked {
    /// Whether it is what is installed.
    pub(super) fn is_artifact(&self) -> bool {
        match &self.thing {
            Thing::File { file, .. } => !file.starts_with(super::release::SUMS),
            Thing::Archive { .. } => true,
            Thing::List | Thing::Release { .. } | Thing::Source => false,
        }
    }

    fn new(package: &[&str], version: &str, thing: Thing) -> Self {
        Self {
            package: package.join("/").to_ascii_lowercase(),
            version: version.to_owned(),
            thing,
        }
    }
}

/// `NAMESPACE/TYPE/versions` or `NAMESPACE/TYPE/VERSION/download/OS/ARCH`.
pub(super) fn of_provider(rest: &str) -> Option<Asked> {
    let parts = parts(rest)?;
    match &borrowed(&parts)[..] {
        [namespace, kind, "versions"] => Some(Asked::new(&[namespace, kind], "", Thing::List)),
        [namespace, kind, version, "download", os, arch] => {
            let (os, arch) = ((*os).to_owned(), (*arch).to_owned());
            let thing = Thing::Release { os, arch };
            Some(Asked::new(&[namespace, kind], version, thing))
        }
        _ => None,
    }
}

/// `NAMESPACE/TYPE/VERSION/OS/ARCH/FILE`, as [`super::release`] has it.
pub(super) fn of_file(rest: &str) -> Option<Asked> {
    let parts = parts(rest)?;
    let [namespace, kind, version, os, arch, file] = borrowed(&parts)[..] else {
        return None;
    };
    let (os, arch, file) = (os.to_owned(), arch.to_owned(), file.to_owned());
    let thing = Thing::File { os, arch, file };
    Some(Asked::new(&[namespace, kind], version, thing))
}

/// `NAMESPACE/NAME/SYSTEM/versions` or `NAMESPACE/NAME/SYSTEM/VERSION/download`.
pub(super) fn of_module(rest: &str) -> Option<Asked> {
    let parts = parts(rest)?;
    match &borrowed(&parts)[..] {
        [namespace, name, system, "versions"] => {
            Some(Asked::new(&[namespace, name, system], "", Thing::List))
        }
        [namespace, name, system, version, "download"] => {
            let package = [*namespace, *name, *system];
            Some(Asked::new(&package, version, Thing::Source))
        }
        _ => None,
    }
}

/// `NAMESPACE/NAME/SYSTEM/VERSION/FILE`, as [`super::archive`] has it.
pub(super) fn of_archive(rest: &str) -> Option<Asked> {
    let parts = parts(rest)?;
    let [namespace, name, system, version, file] = borrowed(&parts)[..] else {
        return None;
    };
    let thing = Thing::Archive {
        file: file.to_owned(),
    };
    Some(Asked::new(&[namespace, name, system], version, thing))
}

/// The segments of a path, if they are words that can stand in an address as they are.
fn parts(rest: &str) -> Option<Vec<String>> {
    let word = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-+._~".contains(&byte);
        (1..=200).contains(&text.len()) && text.bytes().all(fits)
    };
    let decoded = rest.split('/').map(|part| {
        let part = percent_decode_str(part).decode_utf8().ok()?;
        word(&part).then(|| part.into_owned())
    });
    decoded.collect()
}

fn borrowed(parts: &[String]) -> Vec<&str> {
    parts.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_no_capitals_and_versions_may_have_build_metadata() {
        let asked =
            of_provider("Acme/Compass/2.1.0%2Bnorth/download/linux/amd64").expect("a release");
        assert_eq!(
            (asked.package.as_str(), asked.version.as_str()),
            ("acme/compass", "2.1.0+north")
        );
        let asked = of_module("acme/rose/generic/1.0.0/download").expect("a source");
        assert_eq!(
            (asked.package.as_str(), asked.thing),
            ("acme/rose/generic", Thing::Source)
        );
    }

    #[test]
    fn sums_are_no_artifacts() {
        let is_artifact = |file: &str| {
            let rest = format!("acme/compass/2.1.0/linux/amd64/{file}");
            of_file(&rest).expect("a file").is_artifact()
        };
        assert!(is_artifact(
            "terraform-provider-compass_2.1.0_linux_amd64.zip"
        ));
        assert!(!is_artifact("SHA256SUMS") && !is_artifact("SHA256SUMS.sig"));
    }

    #[test]
    fn what_no_client_asks_is_nothing() {
        for rest in [
            "",
            "acme",
            "acme/compass",
            "acme//versions",
            "a%2fb/compass/versions",
            "acme/compass/1/download/linux/amd64/x",
            "acme/com pass/versions",
        ] {
            assert_eq!(of_provider(rest), None, "{rest}");
            assert_eq!(of_file(rest), None, "{rest}");
            assert_eq!(of_module(rest), None, "{rest}");
            assert_eq!(of_archive(rest), None, "{rest}");
        }
    }
}
