//! What lies in the spool, and who works on it.

use std::fs;
use std::time::{Duration, SystemTime};

use weir_config::Settings;
use weir_spool::{FolderState, Inventory, InventoryError};

use super::{Finding, size, whole};

const ABOUT: &str = "spool";
/// Batches that have waited longer are a backlog.
const LATE: Duration = Duration::from_mins(5);

/// What is found, and the process that runs on the folder, if one does.
pub(super) fn look(settings: &Settings) -> (Vec<Finding>, Option<u32>) {
    let folder = settings.data_dir.join("spool");
    let found = Inventory::open(&folder).and_then(|spool| spool.folders());
    match found {
        Ok(folders) => {
            let opened = folders.iter().filter_map(|folder| folder.opened_by);
            let running = opened.into_iter().find(|&pid| runs(pid));
            let findings = folders
                .iter()
                .flat_map(|folder| judge(folder, SystemTime::now()))
                .collect();
            (findings, running)
        }
        Err(InventoryError::NoSpool(_)) => (
            vec![Finding::fine(ABOUT, "it is made at the first start")],
            None,
        ),
        Err(error) => {
            let todo = "run weir doctor as the service's user, or mend the disk";
            (vec![Finding::problem(ABOUT, whole(&error), todo)], None)
        }
    }
}

/// Whether the process that opened a folder is still there; another program may have its number by now.
fn runs(pid: u32) -> bool {
    let name = |process: &str| fs::read_to_string(format!("/proc/{process}/comm")).ok();
    let found = name(&pid.to_string());
    // As this one, whatever an operator calls it.
    found.is_some_and(|found| found.trim_end() == "weir" || Some(found) == name("self"))
}

fn judge(folder: &FolderState, now: SystemTime) -> Vec<Finding> {
    let path = folder.path.display();
    let waiting = folder.waiting;
    let since = waiting
        .oldest
        .and_then(|oldest| now.duration_since(oldest).ok());
    let in_line = format!(
        "{} batches wait in {path} ({})",
        waiting.files,
        size(waiting.bytes)
    );
    let line = match since {
        Some(since) if since > LATE => Finding::warning(
            ABOUT,
            format!("{in_line}, the oldest for {} minutes", since.as_secs() / 60),
            "see to ClickHouse (below): what waits is stored once it answers, and nothing is lost until the quota is reached",
        ),
        _ => Finding::fine(ABOUT, in_line),
    };
    let put_aside = |files: usize, what: &str, command: &str| {
        (files > 0).then(|| {
            Finding::warning(
                ABOUT,
                format!("{files} {what} lie in {path}"),
                format!("run {command}: it says why each is there"),
            )
        })
    };
    [
        Some(line),
        put_aside(
            folder.dead.files,
            "files of refused events",
            "weir spool dead",
        ),
        put_aside(
            folder.quarantine.files,
            "damaged files",
            "weir spool quarantine",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[cfg(test)]
mod tests {
    use weir_spool::Pile;

    use super::super::Level;
    use super::*;

    #[test]
    fn a_process_runs_that_is_called_as_this_one() {
        assert!(runs(std::process::id()));
        assert!(!runs(u32::MAX));
        // The first process of a machine is none of ours.
        assert!(!runs(1));
    }

    #[test]
    fn what_waits_long_or_lies_aside_is_told() {
        let now = SystemTime::now();
        let pile = |files, minutes| Pile {
            files,
            bytes: 0,
            oldest: Some(now - Duration::from_mins(minutes)),
        };
        let state = |waiting, dead| FolderState {
            path: "spool".into(),
            opened_by: None,
            waiting,
            acked: Pile::default(),
            dead,
            quarantine: Pile::default(),
            returned: Pile::default(),
        };
        let levels = |state| -> Vec<_> {
            let findings = judge(&state, now);
            findings.iter().map(|finding| finding.level).collect()
        };
        assert_eq!(levels(state(pile(3, 1), Pile::default())), [Level::Fine]);
        let late = state(pile(3, 10), pile(1, 1));
        assert_eq!(levels(late), [Level::Warning, Level::Warning]);
    }
}
