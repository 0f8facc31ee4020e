//! `weir export`: events, or the rows of a question, into a file or a pipe.

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use jiff::Timestamp;
use serde_json::{Value, json};
use weir::program;
use weir_dashboards::export::{Compression, ExportError, Exporter, Passed, Rows};
use weir_ingest::engine::{Engine, EngineState};

use super::progress::Progress;
use super::{ConfigFile, Failed, load};

const FILTERS: &str =
    r#"Filters as a question of the API has them, such as '[["is","audience",["people"]]]'"#;

/// What to export.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// A package's name; all packages unless given.
    #[arg(long, default_value = "*", value_name = "NAME")]
    package: String,
    /// 24h, day, 7d, 28d, 91d, 6mo, 12mo, month, year, all, or two days such as 2026-08-01,2026-10-31.
    #[arg(long, default_value = "all")]
    range: String,
    /// csv, ndjson, parquet or arrow; unless given, as the output's name ends, or else csv.
    #[arg(long)]
    format: Option<String>,
    /// Compress csv and ndjson; unless given, as the output's name ends (.gz, .zst).
    #[arg(long, value_name = "HOW", value_parser = compression)]
    compress: Option<Compression>,
    #[arg(long, value_name = "JSON", help = FILTERS)]
    filters: Option<String>,
    /// Columns of an event, with commas between them; all unless given.
    #[arg(long, value_delimiter = ',', conflicts_with = "metrics")]
    columns: Vec<String>,
    /// What to count, with commas: exports the rows of that question and not events.
    #[arg(long, value_delimiter = ',')]
    metrics: Vec<String>,
    /// What a question is split by, with commas between them.
    #[arg(long, value_delimiter = ',', requires = "metrics")]
    dimensions: Vec<String>,
    /// Time zone of the days in the range.
    #[arg(long, default_value = "UTC")]
    timezone: String,
    /// File to write, which has its name when it is whole; standard output unless given.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let wanted = wanted(arguments)?;
    let compression = compression_of(arguments)?;
    let settings = load(&arguments.file.config)?.settings;
    let event_days = settings.retention.raw_days;
    Exporter::check(&wanted, Timestamp::now(), event_days).map_err(failed)?;
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .context("cannot start")?;
    let engine = Arc::new(weir::reach::reach_engine(&settings)?);
    let exporter = Exporter::new(program::connect_to_export(&engine), event_days);
    let done = runtime.block_on(async {
        answering(&engine).await?;
        export(&exporter, &wanted, compression, arguments).await
    });
    engine.stop();
    done
}

/// As `POST /api/v2/export` takes it.
fn wanted(arguments: &Arguments) -> Result<Value, Failed> {
    let range = match arguments.range.split_once(',') {
        Some((first, last)) => json!([first, last]),
        None => json!(arguments.range),
    };
    let mut wanted = json!({
        "site_id": arguments.package,
        "date_range": range,
        "format": format(arguments),
        "timezone": arguments.timezone,
    });
    if let Some(text) = &arguments.filters {
        wanted["filters"] = serde_json::from_str(text)
            .map_err(|error| Failed::Asked(format!("--filters is not JSON: {error}")))?;
    }
    let lists = [
        ("columns", &arguments.columns),
        ("metrics", &arguments.metrics),
        ("dimensions", &arguments.dimensions),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        wanted[name] = json!(list);
    }
    Ok(wanted)
}

/// The format that is asked for, or that the output is called after: `events.ndjson.zst` is NDJSON.
fn format(arguments: &Arguments) -> String {
    let output = arguments.output.as_deref();
    let bare = output.map(|path| match Compression::of(path) {
        Some(_) => path.with_extension(""),
        None => path.to_owned(),
    });
    let ending = bare.as_deref().and_then(Path::extension);
    let ending = ending.map(|ending| ending.to_string_lossy().into_owned());
    let format = arguments.format.clone().or(ending);
    format.unwrap_or_else(|| "csv".to_owned())
}

fn compression(word: &str) -> Result<Compression, String> {
    Compression::ALL
        .into_iter()
        .find(|compression| compression.as_str() == word)
        .ok_or_else(|| "write gzip or zstd".to_owned())
}

fn compression_of(arguments: &Arguments) -> Result<Option<Compression>, Failed> {
    let output = arguments.output.as_deref();
    let compression = arguments.compress.or_else(|| Compression::of(output?));
    let format = format(arguments);
    if compression.is_some() && matches!(format.as_str(), "parquet" | "arrow") {
        return Err(Failed::Asked(format!(
            "{format} is compressed within: leave --compress and .gz or .zst out"
        )));
    }
    Ok(compression)
}

/// Waits for an engine that was started for this.
pub(super) async fn answering(engine: &Engine) -> Result<(), Failed> {
    let mut state = engine.state();
    let state = state.wait_for(|state| *state != EngineState::Starting);
    let state = state.await.map(|state| state.clone());
    match state {
        Ok(EngineState::Down { reason, .. }) => Err(anyhow::anyhow!("{reason}").into()),
        // A handle on somebody else's engine does not follow its state.
        _ => Ok(()),
    }
}

async fn export(
    exporter: &Exporter,
    wanted: &Value,
    compression: Option<Compression>,
    arguments: &Arguments,
) -> Result<(), Failed> {
    let now = Timestamp::now();
    let total = exporter.count(wanted, now).await.map_err(failed)?;
    let rows = exporter.begin(wanted, now).await.map_err(failed)?;
    let rows = match compression {
        Some(compression) => rows.compressed(compression),
        None => rows,
    };
    let Some(path) = &arguments.output else {
        return print(rows, total).await;
    };
    let name = path.display().to_string();
    let mut progress = Progress::new(&name, total);
    let written = rows
        .write(path, &mut |passed| show(&mut progress, passed))
        .await;
    progress.end();
    eprintln!("{name}: {} bytes", written.map_err(failed)?);
    Ok(())
}

fn show(progress: &mut Progress, Passed { bytes, lines }: Passed) {
    progress.show(lines, || format!("{} MiB, {lines} lines", bytes >> 20));
}

async fn print(mut rows: Rows, total: Option<u64>) -> Result<(), Failed> {
    let mut output = io::stdout().lock();
    // A terminal that shows the rows has no room for more.
    let mut progress = (!output.is_terminal()).then(|| Progress::new("export", total));
    while let Some(piece) = rows.next().await? {
        match output.write_all(&piece) {
            // Whoever reads has seen enough, as `head` does.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written.context("cannot write to standard output")?,
        }
        if let Some(progress) = &mut progress {
            show(progress, rows.passed());
        }
    }
    output.flush().context("cannot write to standard output")?;
    if let Some(progress) = progress {
        progress.end();
    }
    Ok(())
}

fn failed(error: ExportError) -> Failed {
    match error {
        ExportError::Wanted(problem) => Failed::Asked(problem),
        other => Failed::Other(other.into()),
    }
}
