//! Whatever breaks behind the answer, downloads go on, and what was answered is stored once or counted
//! as dropped.

#[path = "../world/mod.rs"]
mod world;

mod disk;
mod end;
mod outage;
mod reload;
mod service;
mod start;
mod upgrade;

use std::time::Duration;

use tokio::net::TcpListener;
use world::World;
use world::load::ROCKET;

/// Far above what an undisturbed answer takes, far below any time limit behind it.
const UNDISTURBED: Duration = Duration::from_millis(500);

/// The usual package with a route, `/slow/{file}`, to an upstream that answers when the test does.
async fn in_front_of_a_slow_upstream() -> (World, TcpListener) {
    let upstream = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = upstream.local_addr().expect("an address");
    let config = format!(
        r#"{ROCKET}
  [[package.route]]
  path  = "/slow/{{file}}"
  to    = "http://{address}/{{file}}"
  proxy = true
"#
    );
    (World::start(&config).await, upstream)
}
