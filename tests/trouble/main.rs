//! Whatever breaks behind the answer, downloads go on; what was answered is stored once or counted
//! as dropped; and no address is written anywhere.

#[path = "../world/mod.rs"]
mod world;

mod canary;
mod disk;
mod end;
mod outage;
mod reload;
mod start;

use std::time::Duration;

/// Far above what an undisturbed answer takes, far below any time limit behind it.
const UNDISTURBED: Duration = Duration::from_millis(500);
