//! `weir backup FOLDER`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use weir::backup::folder::Begun;
use weir::backup::{certificates, copy, copy_missing, spool};
use weir::reach::Reached;
use weir_config::{Config, Settings};
use weir_ingest::backup::{Saved, save};
use weir_ingest::engine::Role;

use super::{ConfigFile, Failed, load, runtime};

/// Where to.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// A new folder, or one with a backup that was cut short: then it goes on where it stopped.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Leave the tables out, where ClickHouse saves them itself.
    #[arg(long)]
    without_tables: bool,
}

#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let config = load(&arguments.file.config)?;
    let settings = &config.settings;
    let begun = Begun::begin(&arguments.folder)?;
    if begun.goes_on {
        println!("goes on where it stopped");
    }
    save_config(&arguments.file.config, &config, &begun)?;
    save_certificates(settings, &begun)?;
    save_spool(settings, &begun)?;
    save_accounts(settings, &begun)?;
    save_public(settings, &begun)?;
    let tables = if arguments.without_tables {
        println!("tables: left out");
        None
    } else {
        Some(save_tables(settings, &begun)?)
    };
    let contents = begun.finish(tables, jiff::Timestamp::now().to_string())?;
    let bytes: u64 = contents.files.iter().map(|file| file.bytes).sum();
    println!(
        "{} files, {} KiB; keep the folder to yourself: it holds accounts and secrets",
        contents.files.len(),
        bytes.div_ceil(1024)
    );
    Ok(())
}

/// The configuration and the files beside it that it reads.
#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
fn save_config(path: &Path, config: &Config, begun: &Begun) -> anyhow::Result<()> {
    let home = std::path::absolute(path)?;
    let home = home.parent().context("the configuration lies nowhere")?;
    let read = config.files.iter().map(|file| file.path.as_path());
    for file in read.chain(rules(&config.settings)) {
        let file = std::path::absolute(file)?;
        let Ok(within) = file.strip_prefix(home) else {
            println!("config: {} lies elsewhere and is not saved", file.display());
            continue;
        };
        let to = begun.place("config").join(within);
        if !to.exists() {
            copy(&file, &to)?;
            println!("config: {}", within.display());
        }
    }
    Ok(())
}

/// Rules in files of their own, which are read once the program runs.
fn rules(settings: &Settings) -> impl Iterator<Item = &Path> {
    let organisations = &settings.organisations;
    let of_organisations = organisations.overrides.iter().chain(&organisations.stages);
    let all = settings.clients.rules.iter().chain(of_organisations);
    all.map(PathBuf::as_path).filter(|file| file.exists())
}

#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
fn save_certificates(settings: &Settings, begun: &Begun) -> anyhow::Result<()> {
    let count = certificates::save(&settings.data_dir, &begun.place("certs"))?;
    if count > 0 {
        println!("certificates: {count}");
    }
    Ok(())
}

/// The first copy is the one that counts: everything until then is in it or in the tables.
#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
fn save_spool(settings: &Settings, begun: &Begun) -> anyhow::Result<()> {
    let (to, unfinished) = (begun.place("spool"), begun.place("spool.part"));
    if to.exists() {
        return Ok(());
    }
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).context("cannot clear an unfinished copy")?;
    }
    std::fs::create_dir(&unfinished).context("cannot make a folder for the spool")?;
    let count = spool::save(&settings.data_dir.join("spool"), &unfinished)?;
    std::fs::rename(&unfinished, &to).context("cannot finish the spool's copy")?;
    println!("spool: {count} segments");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
fn save_accounts(settings: &Settings, begun: &Begun) -> anyhow::Result<()> {
    if settings.accounts.postgres.is_some() {
        println!("accounts: in PostgreSQL, whose own tools save them");
        return Ok(());
    }
    let (from, to) = (settings.data_dir.join("weir.db"), begun.place("weir.db"));
    if to.exists() || !from.exists() {
        return Ok(());
    }
    let unfinished = begun.place("weir.db.part");
    let _ = std::fs::remove_file(&unfinished); // of a run that was cut short, if there was one
    runtime()?.block_on(weir_dashboards::copy_database(&from, &unfinished))?;
    std::fs::rename(&unfinished, &to).context("cannot finish the accounts' copy")?;
    println!("accounts");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
fn save_public(settings: &Settings, begun: &Begun) -> anyhow::Result<()> {
    let days = copy_missing(&settings.data_dir.join("public"), &begun.place("public"))?;
    if days > 0 {
        println!("public: {days} days");
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what is saved is the command's output")]
fn save_tables(settings: &Settings, begun: &Begun) -> anyhow::Result<Saved> {
    let folder = begun.part("tables")?;
    runtime()?.block_on(async {
        let server = Reached::open(settings).await?;
        let access = server.access(Role::Migrate);
        let said = |line: &str| println!("tables: {line}");
        let saved = save(&access, &server.layout, &folder, said).await?;
        server.close();
        Ok(saved)
    })
}
