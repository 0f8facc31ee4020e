//! Another configuration while running: all of it or nothing, and no request notices.

use crate::world::World;
use crate::world::load::{Load, ROCKET, Rate};
use crate::world::process::signal;

const LOADED: &str = "configuration loaded again";
const REFUSED: &str = "configuration not loaded again";

/// The usual package and one more, whose only file has `number` in its name.
fn with_extra(number: u32) -> String {
    format!(
        r#"{ROCKET}
[[package]]
name = "acme/extra"
kind = "file"
domains = ["extra.test"]
  [[package.route]]
  path = "/extra-{number}"
  to   = "https://files.example/extra-{number}"
"#
    )
}

async fn serves(world: &World, number: u32) -> bool {
    world
        .get("extra.test", &format!("/extra-{number}"))
        .await
        .status()
        == 302
}

/// Waits until `number` is served. One change may be noticed by a watch and by the one after it, and be loaded twice.
async fn loads(world: &World, number: u32) {
    loop {
        world.weir.wait_for_line(LOADED);
        if serves(world, number).await {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_reloads_under_load_fail_no_request_and_a_wrong_one_changes_nothing() {
    let world = World::start(&with_extra(0)).await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    let mut served = 0;
    for number in 1..=20 {
        if number % 4 == 0 {
            // The first part is good and new; the whole is not.
            world.configure(&format!(
                "{}[[package]]\nname = \"acme/broken\"\n",
                with_extra(number)
            ));
            world.weir.wait_for_line(REFUSED);
            assert!(
                !serves(&world, number).await,
                "nothing of a wrong configuration is served"
            );
        } else {
            world.configure(&with_extra(number));
            loads(&world, number).await;
            assert!(!serves(&world, served).await, "what was taken out is gone");
            served = number;
        }
        assert!(serves(&world, served).await, "after reload {number}");
    }
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    outcome.assert_stored_once(&world.stored_ids().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_loads_the_configuration_again() {
    let world = World::start(ROCKET).await;
    signal(world.weir.id(), "HUP");
    world.weir.wait_for_line(LOADED);
    assert_eq!(
        world
            .get("get.test", "/rocket/1.0/linux-amd64.tar.gz")
            .await
            .status(),
        302
    );
}
