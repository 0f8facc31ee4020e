//! What a crash or another process may see of this one's memory, where addresses pass through: nothing.

use rustix::process::{DumpableBehavior, Resource, getrlimit, set_dumpable_behavior, setrlimit};

/// Keeps this process from leaving a core dump and, but for debug builds, other processes of the same user
/// from reading its memory. What the system does not allow is said and no reason to stop.
pub(super) fn from_dumps() {
    let mut refused = limit_cores();
    if !cfg!(debug_assertions) {
        // Debuggers attach to debug builds, and so do tests that make the system slow or fail.
        refused = refused.and(close_memory());
    }
    if let Err(error) = refused {
        tracing::warn!(%error, "a crash may leave a core dump: set LimitCORE=0, or ulimit -c 0");
    }
}

/// The soft limit is what counts. The engine is a child, holds no address, and may raise its own again.
fn limit_cores() -> rustix::io::Result<()> {
    let mut limit = getrlimit(Resource::Core);
    limit.current = Some(0);
    setrlimit(Resource::Core, limit)
}

/// Also where cores go to a program, which no limit keeps them from (core(5)). A program that is started
/// from here is as open as ever (prctl(2)).
fn close_memory() -> rustix::io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

#[cfg(test)]
mod tests {
    use rustix::process::dumpable_behavior;

    use super::*;

    #[test]
    fn no_core_is_left_and_a_child_may_raise_its_limit_again() {
        let before = getrlimit(Resource::Core).maximum;
        limit_cores().expect("less is always allowed");
        close_memory().expect("Linux");
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), before));
        assert_eq!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
    }

    #[test]
    fn this_process_still_finds_itself() {
        close_memory().expect("Linux");
        let program = std::env::current_exe().expect("the engine is started from it");
        assert!(program.is_file());
        assert!(std::thread::available_parallelism().is_ok());
    }
}
