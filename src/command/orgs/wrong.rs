//! `weir orgs wrong`, `rename`, `undo`, `corrections`: matches that were wrong, put right for the past as well.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use weir_ingest::engine::Role;
use weir_ingest::organisation::OrganisationType;
use weir_ingest::organisation::corrections::{Action, Correction, Corrections, Seen};
use weir_ingest::schema;

use super::super::export::answering;
use super::super::{Failed, load};

/// An organisation that events have.
#[derive(clap::Args)]
pub(super) struct Which {
    /// Its name or domain as it was stored, or its `org_id`.
    organisation: String,
    /// Only its events from this system; all of them unless given.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true
    )]
    network_asn: u32,
}

/// What was never this organisation's.
#[derive(clap::Args)]
pub(super) struct Wrong {
    #[command(flatten)]
    which: Which,
    /// Why, for whoever reads the list later.
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,
}

/// What it is called.
#[derive(clap::Args)]
pub(super) struct Rename {
    #[command(flatten)]
    which: Which,
    /// The name that is shown.
    name: String,
    /// Its domain; what was stored unless given.
    #[arg(long, default_value = "", hide_default_value = true)]
    domain: String,
    /// business, education, government or nonprofit; what was stored unless given.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Why, for whoever reads the list later.
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,
}

pub(super) fn hide(config: &Path, wrong: &Wrong) -> Result<(), Failed> {
    correct(config, &wrong.which, Action::Hide, &wrong.note)
}

pub(super) fn rename(config: &Path, rename: &Rename) -> Result<(), Failed> {
    if rename.name.trim().is_empty() {
        return Err(Failed::Asked(
            "a name is needed; `weir orgs wrong` takes a name away".to_owned(),
        ));
    }
    let action = Action::Rename {
        name: rename.name.trim().to_owned(),
        domain: rename.domain.to_ascii_lowercase(),
        kind: rename.kind.as_deref().map(kind).transpose()?,
    };
    correct(config, &rename.which, action, &rename.note)
}

pub(super) fn undo(config: &Path, which: &Which) -> Result<(), Failed> {
    correct(config, which, Action::Undo, "")
}

fn kind(word: &str) -> Result<OrganisationType, Failed> {
    let mut all = OrganisationType::ALL.into_iter();
    all.find(|kind| kind.as_str() == word).ok_or_else(|| {
        let words = OrganisationType::ALL.map(OrganisationType::as_str);
        Failed::Asked(format!("no type {word:?}; one of {}", words.join(", ")))
    })
}

#[expect(clippy::print_stdout, reason = "what was done is the command's output")]
fn correct(config: &Path, which: &Which, action: Action, note: &str) -> Result<(), Failed> {
    with_corrections(config, async |corrections| {
        let seen = corrections.seen(&which.organisation).await?;
        let org_id = the_one(&which.organisation, &seen)?;
        let correction = Correction {
            org_id,
            asn: which.network_asn,
            action,
            note: note.to_owned(),
        };
        corrections.put(&correction).await?;
        let meant = |seen: &&Seen| which.network_asn == 0 || seen.asn == which.network_asn;
        let events: u64 = seen.iter().filter(meant).map(|seen| seen.events).sum();
        println!("{}\nstored events: {events}", sentence(&correction));
        Ok(())
    })
}

#[expect(clippy::print_stdout, reason = "the list is the command's output")]
pub(super) fn list(config: &Path) -> Result<(), Failed> {
    with_corrections(config, async |corrections| {
        for correction in &corrections.held().await? {
            println!("{}", sentence(correction));
        }
        Ok(())
    })
}

/// The number of the organisation that is meant; an error where events have several of that name, or none.
fn the_one(wanted: &str, seen: &[Seen]) -> Result<u32, Failed> {
    let mut ids: Vec<(u32, &str)> = seen
        .iter()
        .map(|seen| (seen.org_id, seen.name.as_str()))
        .collect();
    ids.sort_unstable();
    ids.dedup_by_key(|(id, _)| *id);
    match ids.as_slice() {
        [(id, _)] => Ok(*id),
        // Events go after a while, corrections stay.
        [] => wanted.parse().map_err(|_| {
            Failed::Asked(format!(
                "no stored event has an organisation {wanted:?}; give its name or domain as it was stored, or its org_id"
            ))
        }),
        several => {
            let listed: Vec<_> = several.iter().map(|(id, name)| format!("{id} {name}")).collect();
            Err(Failed::Asked(format!(
                "{wanted:?} is several organisations; give the number of one:\n  {}",
                listed.join("\n  ")
            )))
        }
    }
}

fn sentence(correction: &Correction) -> String {
    let from = match correction.asn {
        0 => String::new(),
        asn => format!(" from AS{asn}"),
    };
    let done = match &correction.action {
        Action::Hide => "is nobody".to_owned(),
        Action::Undo => "is as it was stored".to_owned(),
        Action::Rename { name, domain, kind } => {
            let kind = kind.map_or("", OrganisationType::as_str);
            let more: Vec<_> = [domain, kind]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect();
            let more = if more.is_empty() {
                String::new()
            } else {
                format!(" ({})", more.join(", "))
            };
            format!("is {name}{more}")
        }
    };
    let note = if correction.note.is_empty() {
        String::new()
    } else {
        format!(": {}", correction.note)
    };
    format!("{}{from} {done}{note}", correction.org_id)
}

/// Does something with the corrections of the configured ClickHouse, whether or not a weir runs.
fn with_corrections(
    config: &Path,
    act: impl AsyncFnOnce(&Corrections) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let settings = load(config)?.settings;
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    let engine = Arc::new(weir::reach::reach_engine(&settings)?);
    let done = runtime.block_on(async {
        answering(&engine).await?;
        if settings.clickhouse.url.is_none() {
            schema::migrate(&engine.access(Role::Migrate)).await?;
        }
        act(&Corrections::connect(&engine.access(Role::Ingest))).await
    });
    engine.stop();
    done
}
