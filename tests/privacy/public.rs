//! `public` in the configuration, and what it opens.

use std::time::{Duration, Instant};

use crate::world::load::ROCKET;
use crate::world::{PATIENCE, World};

const INDEX: &str = r#"
[[index]]
kind = "pypi"
domains = ["pypi.test"]
upstream = "REGISTRY/simple/"
packages = ["lander*"]
"#;

/// Of the package with routes, of one of the index, and of another of the index.
async fn statuses(world: &World) -> [u16; 3] {
    let mut statuses = [0; 3];
    for (status, name) in statuses
        .iter_mut()
        .zip(["acme%2Frocket", "lander-cli", "lander"])
    {
        let address = format!("http://{}/api/v2/public/{name}", world.weir.page);
        let answer = world.http.get(address).send().await;
        *status = answer.expect("an answer").status().as_u16();
    }
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_public_until_the_operator_says_so_and_then_without_a_restart() {
    let world = World::start(&format!("{ROCKET}{INDEX}")).await;
    assert_eq!(statuses(&world).await, [404; 3]);
    let rocket = ROCKET.replace("kind = \"file\"", "kind = \"file\"\npublic = true");
    world.configure(&format!("{rocket}{INDEX}public = [\"lander-cli\"]\n"));
    let deadline = Instant::now() + PATIENCE;
    while statuses(&world).await != [200, 200, 404] {
        assert!(Instant::now() < deadline, "{}", world.weir.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
