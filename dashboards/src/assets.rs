//! Serves the built page out of the program itself.
//!
//! Files with a hash in their name never change and are kept for a year; `index.html` answers every
//! other path (the page routes by itself) and is asked for again each time. Files that the build
//! compressed are sent so to whom can read them.

mod policy;

use std::borrow::Cow;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{Embed, EmbeddedFile};

#[derive(Embed)]
#[folder = "web/build"]
struct Files;

const INDEX: &str = "index.html";
/// Where the build puts files whose names hold a hash of their content.
const HASHED: &str = "_app/immutable/";
/// Where a missing file is an error and not a page.
const BUILT: &str = "_app/";

pub(crate) fn router() -> Router {
    Router::new().fallback_service(get(serve))
}

async fn serve(uri: Uri, request: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    match Found::find(path, &request) {
        Some(found) => found.answer(&request),
        None if path.starts_with(BUILT) => (StatusCode::NOT_FOUND, "no such file").into_response(),
        None => match Found::find(INDEX, &request) {
            Some(index) => index.answer(&request),
            None => not_built(),
        },
    }
}

/// A file, in the encoding that suits the client best.
struct Found<'a> {
    path: &'a str,
    file: EmbeddedFile,
    encoding: Option<&'static str>,
}

impl<'a> Found<'a> {
    fn find(path: &'a str, request: &HeaderMap) -> Option<Self> {
        let plain = Files::get(path)?;
        let compressed = [("br", "br"), ("gzip", "gz")]
            .iter()
            .find_map(|(encoding, suffix)| {
                let file = accepts(request, encoding)
                    .then(|| Files::get(&format!("{path}.{suffix}")))
                    .flatten()?;
                Some((file, *encoding))
            });
        Some(match compressed {
            Some((file, encoding)) => Self {
                path,
                file,
                encoding: Some(encoding),
            },
            None => Self {
                path,
                file: plain,
                encoding: None,
            },
        })
    }

    fn answer(self, request: &HeaderMap) -> Response {
        let tag = self.tag();
        let known = request
            .get(header::IF_NONE_MATCH)
            .is_some_and(|tags| knows(tags, &tag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let content_type = HeaderValue::from_static(media_type(self.path));
            (
                [(header::CONTENT_TYPE, content_type)],
                body(self.file.data.clone()),
            )
                .into_response()
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, tag);
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(cache_control(self.path)),
        );
        if let Some(encoding) = self.encoding.filter(|_| !known) {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if self.path == INDEX {
            headers.insert(header::CONTENT_SECURITY_POLICY, page_policy());
        }
        response
    }

    fn tag(&self) -> HeaderValue {
        let hash = hex::encode(&self.file.metadata.sha256_hash()[..16]);
        HeaderValue::try_from(format!("\"{hash}\""))
            .expect("hexadecimal digits in quotes are visible ASCII")
    }
}

/// The policy of `index.html` follows its plain content, whatever encoding is sent.
fn page_policy() -> HeaderValue {
    let html = Files::get(INDEX).map(|file| file.data).unwrap_or_default();
    let policy = policy::for_page(&String::from_utf8_lossy(&html));
    HeaderValue::try_from(policy).expect("a policy is visible ASCII: constants and base64")
}

fn body(data: Cow<'static, [u8]>) -> Body {
    match data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn cache_control(path: &str) -> &'static str {
    if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    let lines = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let refused = weight
            .trim()
            .strip_prefix("q=")
            .and_then(|q| q.parse::<f32>().ok())
            == Some(0.0);
        name.trim().eq_ignore_ascii_case(encoding) && !refused
    })
}

fn knows(tags: &HeaderValue, tag: &HeaderValue) -> bool {
    let tag = tag.as_bytes();
    let bare = |part: &[u8]| {
        part.trim_ascii()
            .strip_prefix(b"W/")
            .unwrap_or(part.trim_ascii())
            .to_vec()
    };
    tags.as_bytes()
        .split(|byte| *byte == b',')
        .any(|part| bare(part) == tag)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn not_built() -> Response {
    let page = "<!doctype html><html lang=\"en\"><title>Weir</title><p>The page is not part of this build. \
                Run <code>make web</code>, then build again. The API is at <code>/api/v2</code>.</p></html>";
    let content_type = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    )];
    (StatusCode::SERVICE_UNAVAILABLE, content_type, page).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(line: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(line))])
    }

    #[test]
    fn an_encoding_is_used_only_where_it_is_wanted() {
        assert!(accepts(&accepting("gzip, deflate, br, zstd"), "br"));
        assert!(accepts(&accepting("gzip;q=0.5"), "gzip"));
        assert!(!accepts(&accepting("br;q=0, gzip"), "br"));
        assert!(!accepts(&accepting("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }

    #[test]
    fn a_tag_is_known_in_a_list_and_as_weak() {
        let tag = HeaderValue::from_static("\"b\"");
        assert!(knows(&HeaderValue::from_static("\"a\", W/\"b\""), &tag));
        assert!(!knows(&HeaderValue::from_static("\"a\""), &tag));
    }

    #[test]
    fn only_names_with_a_hash_are_kept() {
        assert_eq!(
            cache_control("_app/immutable/chunks/x.js"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(cache_control("_app/version.json"), "no-cache");
        assert_eq!(cache_control(INDEX), "no-cache");
    }
}
