//! `weir restore FOLDER`

use std::path::{Path, PathBuf};

use weir::backup::{BackupError, Contents, certificates, copy, copy_missing, folder, spool};
use weir::reach::Reached;
use weir_config::Settings;
use weir_ingest::backup;
use weir_ingest::engine::Role;

use super::{ConfigFile, Failed, load, runtime};

/// What to put back.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// The folder that `weir backup` made.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Put back this part alone; may be given several times.
    #[arg(long, value_name = "PART")]
    only: Vec<Part>,
}

/// A part of a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// What ClickHouse held.
    Tables,
    /// Events that it did not hold yet.
    Spool,
    /// Who may sign in.
    Accounts,
    /// What was published.
    Public,
    /// Certificates that an authority made.
    Certificates,
}

#[expect(
    clippy::print_stdout,
    reason = "what is put back is the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let from = &arguments.folder;
    let contents = folder::open(from)?;
    println!("the backup of {} is whole", contents.made_at);
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    if !arguments.file.config.exists() {
        restore_config(from, &contents, &arguments.file.config)?;
    }
    let settings = load(&arguments.file.config)?.settings;
    let (db, segments) = (
        settings.data_dir.join("weir.db"),
        settings.data_dir.join("spool"),
    );
    // Everything that could be in the way, before anything is touched.
    if wanted(Part::Accounts) && db.exists() {
        return Err(BackupError::Exists(db).into());
    }
    if wanted(Part::Spool) {
        spool::refuse_segments(&segments)?;
    }
    if wanted(Part::Certificates) {
        certificates::refuse(&settings.data_dir)?;
    }
    if wanted(Part::Tables) {
        restore_tables(from, &contents, &settings)?;
        let again = spool::send_again(&segments)?;
        if again > 0 {
            println!("spool: {again} batches that were stored lately are sent again");
        }
    }
    if wanted(Part::Accounts) && from.join("weir.db").exists() {
        copy(&from.join("weir.db"), &db)?;
        println!("accounts");
    }
    if wanted(Part::Public) {
        let days = copy_missing(&from.join("public"), &settings.data_dir.join("public"))?;
        println!("public: {days} days");
    }
    if wanted(Part::Certificates) {
        let count = certificates::load(&from.join("certs"), &settings.data_dir)?;
        if count > 0 {
            println!("certificates: {count}");
        }
    }
    if wanted(Part::Spool) {
        println!(
            "spool: {} segments",
            spool::load(&from.join("spool"), &segments)?
        );
    }
    println!("done; `weir serve` sends what the spool holds");
    Ok(())
}

/// Puts the configuration where the command expects it, with the files that it reads beside it.
#[expect(
    clippy::print_stdout,
    reason = "what is put back is the command's output"
)]
fn restore_config(from: &Path, contents: &Contents, to: &Path) -> Result<(), BackupError> {
    let home = to.parent().unwrap_or(Path::new(""));
    let files = contents.files.iter().map(|file| &file.path);
    for within in files.filter_map(|path| path.strip_prefix("config").ok()) {
        copy(&from.join("config").join(within), &home.join(within))?;
        println!("config: {}", within.display());
    }
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "what is put back is the command's output"
)]
fn restore_tables(from: &Path, contents: &Contents, settings: &Settings) -> anyhow::Result<()> {
    let Some(saved) = &contents.tables else {
        println!("tables: left out of this backup");
        return Ok(());
    };
    runtime()?.block_on(async {
        let server = Reached::open_alone(settings).await?;
        let access = server.access(Role::Migrate);
        let said = |line: &str| println!("tables: {line}");
        let folder = from.join("tables");
        backup::load(
            &access,
            &server.layout,
            server.retention,
            &folder,
            saved,
            said,
        )
        .await?;
        server.close();
        Ok(())
    })
}
