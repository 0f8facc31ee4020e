//! Whether a client understands a manifest (RFC 9110 §12.5.1).

/// What is asked for where a client takes anything: some registries give images only to those who name their types.
pub(crate) const MANIFEST_TYPES: &str = "application/vnd.oci.image.index.v1+json, \
application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, \
application/vnd.docker.distribution.manifest.v2+json, */*";

/// Whether `accept` takes `media_type`. A client that names nothing takes everything.
pub(crate) fn accepts(accept: &str, media_type: &str) -> bool {
    let media_type = without_parameters(media_type);
    accept.trim().is_empty()
        || accept
            .split(',')
            .filter(|range| !is_refusal(range))
            .map(without_parameters)
            .any(|range| match range.strip_suffix("/*") {
                Some("*") => true,
                Some(family) => media_type
                    .split_once('/')
                    .is_some_and(|(known, _)| known.eq_ignore_ascii_case(family)),
                None => range.eq_ignore_ascii_case(media_type),
            })
}

fn without_parameters(text: &str) -> &str {
    text.split(';').next().unwrap_or_default().trim()
}

/// A weight of zero says what is not wanted.
fn is_refusal(range: &str) -> bool {
    range.split(';').skip(1).any(|parameter| {
        let weight = parameter.trim().strip_prefix("q=");
        weight.is_some_and(|weight| weight.parse() == Ok(0.0_f32))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "application/vnd.oci.image.index.v1+json";
    const SCHEMA2: &str = "application/vnd.docker.distribution.manifest.v2+json";

    #[test]
    fn a_client_is_given_what_it_names() {
        for (accept, taken) in [
            ("", true),
            ("*/*", true),
            ("application/*", true),
            ("text/html, application/vnd.OCI.image.index.v1+json", true),
            ("application/vnd.oci.image.index.v1+json;q=0.5", true),
            (
                "application/vnd.oci.image.index.v1+json;q=0, text/html",
                false,
            ),
            (SCHEMA2, false),
            ("text/*", false),
        ] {
            assert_eq!(accepts(accept, INDEX), taken, "{accept}");
        }
        assert!(accepts(MANIFEST_TYPES, SCHEMA2));
        assert!(accepts(
            SCHEMA2,
            "application/vnd.docker.distribution.manifest.v2+json; charset=utf-8"
        ));
    }
}
