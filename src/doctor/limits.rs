//! What the kernel grants the process that serves, or this one where none does, and settings of it that matter here.

use std::fs;

use rustix::process::{Resource, getrlimit};

use super::Finding;

/// A connection to each side for as many clients as may connect at once, and some for files.
const DESCRIPTORS: u64 = 65_536;
/// Below this, a busy minute is too much.
const FEW_DESCRIPTORS: u64 = 4_096;
/// What salts and the pages around them take, with room to spare.
const LOCKED_BYTES: u64 = 64 << 10;
/// Connections that may be open to one upstream's address at once.
const FEW_PORTS: u32 = 10_000;
/// Clocks of the kernel that are asked without a system call (vdso(7)).
const FAST_CLOCKS: [&str; 5] = [
    "tsc",
    "kvm-clock",
    "hyperv_clocksource_tsc_page",
    "arch_sys_counter",
    "xen",
];

/// `running` is the process that runs on this configuration's folder, if one does: a service has limits of its own.
pub(super) fn look(running: Option<u32>) -> Vec<Finding> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let limits = running.and_then(|pid| read(&format!("/proc/{pid}/limits")));
    let limit = |name, own| {
        let of_running = limits
            .as_deref()
            .and_then(|limits| soft_limit(limits, name));
        of_running.unwrap_or_else(|| getrlimit(own).current.unwrap_or(u64::MAX))
    };
    let descriptors = limit("Max open files", Resource::Nofile);
    let locked = limit("Max locked memory", Resource::Memlock);
    let swaps = read("/proc/swaps").unwrap_or_default();
    [
        Some(of_descriptors(descriptors)),
        Some(of_locked(locked, swaps.lines().count() > 1)),
        read("/proc/sys/net/ipv4/ip_local_port_range").and_then(|range| of_ports(&range)),
        read("/sys/devices/system/clocksource/clocksource0/current_clocksource")
            .map(|clock| of_clock(clock.trim())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The limit that counts, in the words of `/proc/PID/limits` (proc(5)).
fn soft_limit(limits: &str, name: &str) -> Option<u64> {
    let rest = limits.lines().find_map(|line| line.strip_prefix(name))?;
    match rest.split_whitespace().next()? {
        "unlimited" => Some(u64::MAX),
        number => number.parse().ok(),
    }
}

fn of_descriptors(most: u64) -> Finding {
    const ABOUT: &str = "descriptors";
    let says = format!("{most} may be open");
    let todo = format!("raise the limit to {DESCRIPTORS} (LimitNOFILE= of the service, ulimit -n)");
    match most {
        0..FEW_DESCRIPTORS => Finding::problem(ABOUT, says, todo),
        FEW_DESCRIPTORS..DESCRIPTORS => Finding::warning(ABOUT, says, todo),
        _ => Finding::fine(ABOUT, says),
    }
}

fn of_locked(most: u64, has_swap: bool) -> Finding {
    const ABOUT: &str = "locked memory";
    if most >= LOCKED_BYTES || !has_swap {
        return Finding::fine(ABOUT, "secrets stay out of swap");
    }
    Finding::warning(
        ABOUT,
        format!("{most} bytes may be locked: the salt of the day may get into swap"),
        "allow 8 MiB (LimitMEMLOCK= of the service, ulimit -l), or turn swap off",
    )
}

fn of_ports(range: &str) -> Option<Finding> {
    const ABOUT: &str = "local ports";
    let mut bounds = range.split_whitespace().map(str::parse::<u32>);
    let (first, last) = (bounds.next()?.ok()?, bounds.next()?.ok()?);
    let count = (last + 1).saturating_sub(first);
    let says = format!("{count} for connections to one upstream's address");
    Some(if count < FEW_PORTS {
        let todo = "set net.ipv4.ip_local_port_range to \"10240 65535\" with sysctl";
        Finding::warning(ABOUT, says, todo)
    } else {
        Finding::fine(ABOUT, says)
    })
}

fn of_clock(source: &str) -> Finding {
    const ABOUT: &str = "clock source";
    if FAST_CLOCKS.contains(&source) {
        return Finding::fine(ABOUT, source);
    }
    Finding::warning(
        ABOUT,
        format!("{source} needs a system call each time it is read, several times a request"),
        "see which others there are in /sys/devices/system/clocksource/clocksource0/available_clocksource",
    )
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn limits_are_judged_by_what_a_gateway_needs() {
        assert_eq!(of_descriptors(1_024).level, Level::Problem);
        assert_eq!(of_descriptors(32_768).level, Level::Warning);
        assert_eq!(of_descriptors(1 << 20).level, Level::Fine);
        assert_eq!(of_locked(0, false).level, Level::Fine);
        assert_eq!(of_locked(0, true).level, Level::Warning);
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max locked memory         1048576              unlimited            bytes     \n\
                      Max open files            unlimited            unlimited            files     \n";
        assert_eq!(soft_limit(limits, "Max locked memory"), Some(1 << 20));
        assert_eq!(soft_limit(limits, "Max open files"), Some(u64::MAX));
        assert_eq!(soft_limit(limits, "Max cpu time"), None);
        let ports = |range| of_ports(range).map(|finding| finding.level);
        assert_eq!(ports("32768\t60999\n"), Some(Level::Fine));
        assert_eq!(ports("60000 60999\n"), Some(Level::Warning));
        assert_eq!(ports("of no use"), None);
        assert_eq!(of_clock("tsc").level, Level::Fine);
        assert_eq!(of_clock("hpet").level, Level::Warning);
    }
}
