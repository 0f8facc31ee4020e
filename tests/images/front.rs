//! An upstream that is only a front: it wants a password and sends everybody on to another host.

use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use crate::HOST;
use crate::world::World;

const MANIFEST: &str = r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"digest":"sha256:c"},"layers":[]}"#;

/// What a host was sent as `Authorization`, request by request.
type Seen = Arc<Mutex<Vec<Option<String>>>>;

async fn serve(host: &str, router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((host, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn authorization(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?;
    Some(value.to_str().expect("text").to_owned())
}

/// Where things are: it gives anybody a manifest.
fn store(seen: Seen) -> Router {
    Router::new().fallback(move |request: Request| async move {
        let sent = authorization(request.headers());
        seen.lock().expect("no panic").push(sent);
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        ([(header::CONTENT_TYPE, media_type)], MANIFEST)
    })
}

fn front(store: SocketAddr) -> Router {
    Router::new().fallback(move |request: Request| async move { sent_on(&request, store) })
}

fn sent_on(request: &Request, store: SocketAddr) -> Response {
    if authorization(request.headers()).as_deref() != Some("Basic Ym90Omh1bnRlcjI=") {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"front\"")];
        return (StatusCode::UNAUTHORIZED, challenge).into_response();
    }
    let location = [(header::LOCATION, format!("http://{store}{}", request.uri()))];
    (StatusCode::TEMPORARY_REDIRECT, location).into_response()
}

#[tokio::test]
async fn a_manifest_is_fetched_from_where_it_is_and_our_password_stays_where_it_belongs() {
    let seen = Seen::default();
    let store = serve("127.0.0.2", store(Arc::clone(&seen))).await;
    let front = serve("127.0.0.1", front(store)).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let account = folder.path().join("account");
    std::fs::write(&account, "bot:hunter2").expect("a file");
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&account, private).expect("a mode");
    let config = format!(
        "[[package]]\nname = \"acme/server\"\nkind = \"oci\"\ndomains = [{HOST:?}]\nimage = \"server\"\n\
         upstream = \"http://{front}/acme/server\"\ncredentials_file = \"account\"\n"
    );
    let world = World::start_in(folder, &config).await;
    let answer = world.get(HOST, "/v2/server/manifests/1.0.0").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.expect("text"), MANIFEST);
    let seen = seen.lock().expect("no panic");
    assert!(
        !seen.is_empty() && seen.iter().all(Option::is_none),
        "{seen:?}"
    );
}
