//! `weir spool`: what waits, what was refused or damaged, and ways to send it again.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use clap::Subcommand;
use weir_event::{Event, Missed};
use weir_spool::{Aside, FolderState, Inventory, Pile};

use super::{ConfigFile, Failed, load};

/// What to do with the spool. It may be in use or not.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Say how much waits, is kept, was refused and is damaged. This is what `weir spool` does.
    Status,
    /// List what ClickHouse refused, and why.
    Dead,
    /// List damaged files: why each is there and how much of it was rescued.
    Quarantine,
    /// Print the events of a listed file as JSON, one a line.
    Show {
        /// As it is listed.
        name: String,
    },
    /// Send refused events again. A running weir takes them within a second.
    Retry(Chosen),
    /// Remove refused or damaged files for good.
    Delete(Chosen),
    /// Send again every batch that was stored and is still kept, after an older ClickHouse was
    /// restored. What is there already is not stored twice.
    Replay,
}

/// Which files are meant.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Chosen {
    /// Files as they are listed.
    names: Vec<String>,
    /// All that `weir spool dead` lists.
    #[arg(long)]
    all_dead: bool,
}

#[expect(clippy::print_stdout, reason = "lists are the command's output")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let folder: PathBuf = load(&arguments.file.config)?
        .settings
        .data_dir
        .join("spool");
    let spool = Inventory::open(&folder)?;
    match arguments.what.as_ref().unwrap_or(&What::Status) {
        What::Status => {
            for folder in spool.folders()? {
                print!("{}", status(&folder, SystemTime::now()));
            }
        }
        What::Dead => print!("{}", list(&spool.dead()?)),
        What::Quarantine => print!("{}", list(&spool.quarantine()?)),
        What::Show { name } => show(&named(&spool, std::slice::from_ref(name))?)?,
        What::Retry(chosen) => {
            let files = chosen.find(&spool)?;
            let count = files.len();
            files.into_iter().try_for_each(Aside::retry)?;
            println!("{count} sent again");
        }
        What::Delete(chosen) => {
            let files = chosen.find(&spool)?;
            let count = files.len();
            files.into_iter().try_for_each(Aside::delete)?;
            println!("{count} deleted");
        }
        What::Replay => println!("{} batches sent again", spool.replay()?),
    }
    Ok(())
}

impl Chosen {
    fn find<'s>(&self, spool: &'s Inventory) -> Result<Vec<Aside<'s>>, Failed> {
        if self.all_dead {
            Ok(spool.dead()?)
        } else {
            named(spool, &self.names)
        }
    }
}

/// The files called `names`; an error unless all are there.
fn named<'s>(spool: &'s Inventory, names: &[String]) -> Result<Vec<Aside<'s>>, Failed> {
    let mut files = spool.dead()?;
    files.extend(spool.quarantine()?);
    let missing = |name: &&String| !files.iter().any(|file| file.name() == **name);
    if let Some(name) = names.iter().find(missing) {
        return Err(Failed::Asked(format!(
            "{name} is not there; `weir spool dead` and `weir spool quarantine` list what is"
        )));
    }
    files.retain(|file| names.contains(&file.name()));
    Ok(files)
}

/// One folder's state, for people.
fn status(state: &FolderState, now: SystemTime) -> String {
    let FolderState {
        path,
        opened_by,
        waiting,
        acked,
        dead,
        quarantine,
        returned,
    } = state;
    let opened = opened_by.map_or_else(String::new, |pid| format!(" (last opened by pid {pid})"));
    let line = |word: &str, pile: &Pile, meaning: &str| {
        let age = pile
            .oldest
            .and_then(|oldest| now.duration_since(oldest).ok())
            .map_or_else(String::new, |age| {
                format!(", the oldest {} old", rough(age))
            });
        let Pile { files, bytes, .. } = pile;
        format!("  {word:<11}{files:>7}  {bytes:>14} bytes  {meaning}{age}\n")
    };
    [
        format!("{}{opened}\n", path.display()),
        line("waiting", waiting, "to be stored"),
        line("acked", acked, "stored, kept a while"),
        line("dead", dead, "refused; see `weir spool dead`"),
        line(
            "quarantine",
            quarantine,
            "damaged; see `weir spool quarantine`",
        ),
        line("returned", returned, "to be sent again"),
    ]
    .concat()
}

/// A duration in the unit that fits it.
fn rough(age: Duration) -> String {
    match age.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} d", seconds / 86_400),
    }
}

/// Files that were put aside, for people.
fn list(files: &[Aside<'_>]) -> String {
    let line = |file: &Aside<'_>| {
        let records = match file.count() {
            Ok(count) => format!("events: {count}"),
            Err(why) => why.to_owned(),
        };
        let reason = file.reason.as_deref().unwrap_or("no reason was noted");
        let reason = reason.trim().replace('\n', "\n    ");
        format!("{}  {records}\n    {reason}\n", file.name())
    };
    if files.is_empty() {
        "none\n".to_owned()
    } else {
        files.iter().map(line).collect()
    }
}

#[expect(clippy::print_stdout, reason = "events are the command's output")]
fn show(files: &[Aside<'_>]) -> Result<(), Failed> {
    for record in files.iter().flat_map(Aside::records) {
        println!("{}", json(record)?);
    }
    Ok(())
}

/// A record as JSON, whatever it is.
fn json(record: &[u8]) -> serde_json::Result<String> {
    if Missed::is_meant(record)
        && let Ok(missed) = Missed::decode(record)
    {
        let sum = serde_json::json!({ "dropped": missed.key, "events": missed.events });
        return serde_json::to_string(&sum);
    }
    match Event::decode(record) {
        Ok(event) => serde_json::to_string(&event),
        Err(error) => serde_json::to_string(&serde_json::json!({
            "unreadable": error.to_string(),
            "bytes": hex::encode(record),
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_is_a_table() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
        let pile = |files, bytes, age| Pile {
            files,
            bytes,
            oldest: Some(now - Duration::from_secs(age)),
        };
        let state = FolderState {
            path: "/var/lib/weir/spool".into(),
            opened_by: Some(7),
            waiting: pile(3, 1_200_000, 4),
            acked: pile(12, 4_000_000, 1790),
            dead: pile(1, 200, 86_400),
            quarantine: Pile::default(),
            returned: Pile::default(),
        };
        insta::assert_snapshot!(status(&state, now), @"
        /var/lib/weir/spool (last opened by pid 7)
          waiting          3         1200000 bytes  to be stored, the oldest 4 s old
          acked           12         4000000 bytes  stored, kept a while, the oldest 29 min old
          dead             1             200 bytes  refused; see `weir spool dead`, the oldest 24 h old
          quarantine       0               0 bytes  damaged; see `weir spool quarantine`
          returned         0               0 bytes  to be sent again
        ");
    }

    #[test]
    fn a_record_that_nothing_can_read_is_shown_in_hex() {
        insta::assert_snapshot!(json(b"\x63noise").expect("JSON"), @r#"{"unreadable":"event encoding version 99 is newer than this build understands (1)","bytes":"636e6f697365"}"#);
    }
}
