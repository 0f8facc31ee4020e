//! A page of documentation that carries the demo's pixel.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;

/// Serves the page at every visit to `listener`'s root; `pixel` is the picture's address.
pub async fn serve(listener: TcpListener, pixel: &str) -> std::io::Result<()> {
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Rocket: quick start</title>\n\
         <style>body {{ font: 16px/1.5 system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }}</style>\n\
         <h1>Rocket</h1>\n\
         <p>This page stands for a project's documentation. It carries the demo's pixel, so opening it counts one view.</p>\n\
         <img src=\"{pixel}\" alt=\"\" width=\"1\" height=\"1\" referrerpolicy=\"no-referrer-when-downgrade\">\n</html>\n"
    );
    axum::serve(
        listener,
        Router::new().route("/", get(|| async { Html(page) })),
    )
    .await
}
