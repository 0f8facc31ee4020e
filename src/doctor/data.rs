//! Data about networks: whether there is any, whether it can be read, and how old it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use weir_config::Settings;
use weir_ingest::Places;
use weir_ingest::geo::DataFile;

use super::{Finding, whole};

const ABOUT: &str = "place data";
/// Networks change hands; what is older names many wrong.
const OLD: Duration = Duration::from_hours(24 * 60);

pub(super) fn look(settings: &Settings) -> Vec<Finding> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let (places, errors) = match Places::open(settings, now.as_secs()) {
        Ok(found) => found,
        Err(error) => {
            return vec![Finding::problem(
                ABOUT,
                whole(&error),
                "mend [geo] in the configuration",
            )];
        }
    };
    let broken = errors.iter().map(|error| {
        Finding::warning(
            ABOUT,
            whole(error),
            "fetch it again with weir geo update, or remove it",
        )
    });
    let mut findings: Vec<_> = broken.collect();
    let files = places.files();
    findings.extend(files.iter().map(|file| judge(file, now)));
    // Some sources have a file for each family of addresses.
    findings.dedup();
    if files.is_empty() {
        findings.push(Finding::warning(
            ABOUT,
            "there is none: places and networks stay unknown",
            "run weir geo update",
        ));
    }
    findings
}

/// `now` since 1970.
fn judge(file: &DataFile, now: Duration) -> Finding {
    let name = &file.name;
    let Some(made) = file.made.map(Duration::from_secs) else {
        return Finding::fine(ABOUT, format!("{name}, of unknown age"));
    };
    let age = now.saturating_sub(made);
    let says = format!("{name} is {} days old", age.as_secs() / 86_400);
    if age > OLD {
        let todo = "run weir geo update, or set [geo] update = true";
        return Finding::warning(ABOUT, says, todo);
    }
    Finding::fine(ABOUT, says)
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn old_data_is_worth_fetching_again() {
        let now = Duration::from_hours(24 * 1000);
        let of_age = |days: u64| DataFile {
            name: "countries".to_owned(),
            made: Some((1000 - days) * 86_400),
            ..DataFile::default()
        };
        assert_eq!(judge(&of_age(10), now).level, Level::Fine);
        let old = judge(&of_age(61), now);
        assert_eq!(
            (old.level, old.says.as_str()),
            (Level::Warning, "countries is 61 days old")
        );
    }
}
