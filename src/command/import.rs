//! `weir import`: events, access logs and registries' counts, from files or standard input.

use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use weir::import::{Target, day_number, today};
use weir_config::Config;
use weir_ingest::import::{Bounds, Format, Importer, Known, Note, Source, Tally};

use super::progress::Progress;
use super::{ConfigFile, Failed, load};

/// What to import.
///
/// Every line that is refused is printed with its number and the reason; the line itself is not, because it
/// may hold an address. What was imported before is recognised and changes nothing, so an import that was
/// cut short is simply run again.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// Format: weir, scarf, scarf-csv, nginx, caddy, cloudfront, fastly (events); pypi, npm, crates,
    /// docker-hub (totals).
    #[arg(long = "from", value_name = "FORMAT")]
    format: Format,
    /// Package of everything in the files, whatever they say.
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Domain of requests whose log does not say it.
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    domain: Option<String>,
    /// Day of a counter that does not say it. Default: today (UTC).
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    day: Option<u16>,
    /// Read everything and say what would be done, but store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Files, as they are or by gzip or zstd; `-` is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let Config {
        settings,
        catalogue,
        ..
    } = load(&arguments.file.config)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    let target = if arguments.dry_run {
        None
    } else {
        Some(runtime.block_on(Target::reach(&settings))?)
    };
    let access = target.as_ref().map(|target| &target.access);
    let classify = weir::import::classify(Arc::new(catalogue));
    let mut importer = Importer::new(&settings, access, classify).context("cannot start")?;
    let mut refused = 0;
    for path in &arguments.files {
        let tally = runtime.block_on(import(&mut importer, arguments, path))?;
        say(path, tally, arguments.dry_run);
        refused += tally.refused;
    }
    match refused {
        0 => Ok(()),
        1 => Err(anyhow::anyhow!("one line was refused").into()),
        count => Err(anyhow::anyhow!("{count} lines were refused").into()),
    }
}

async fn import(
    importer: &mut Importer,
    arguments: &Arguments,
    path: &Path,
) -> anyhow::Result<Tally> {
    let name = path.display().to_string();
    let (bytes, size): (Box<dyn Read>, _) = if path == Path::new("-") {
        (Box::new(io::stdin().lock()), None)
    } else {
        let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
        let size = file.metadata().ok().map(|metadata| metadata.len());
        (Box::new(file), size)
    };
    let source = Source {
        format: arguments.format,
        known: Known {
            package: arguments.package.clone(),
            pixel: None,
            domain: arguments.domain.clone(),
            day: arguments.day.unwrap_or_else(today),
        },
        bytes,
        bounds: Bounds::NONE,
    };
    let mut progress = Progress::new(&name, size);
    let mut report = io::BufWriter::new(io::stdout().lock());
    let mut lost = None;
    let mut note = |note: Note| match note {
        Note::Refused { line, why } => {
            let written = writeln!(report, "{name}:{line}: {why}");
            lost = lost.take().or(written.err());
        }
        Note::Progress { bytes, tally } => progress.show(bytes, || {
            let (mib, Tally { read, refused, .. }) = (bytes >> 20, tally);
            format!("{mib} MiB, {read} lines, {refused} refused")
        }),
    };
    let outcome = importer.run(source, &mut note).await;
    progress.end();
    let flushed = report.flush();
    let tally = outcome.with_context(|| format!("cannot import all of {name}"))?;
    lost.map_or(flushed, Err)
        .context("cannot write the report")?;
    Ok(tally)
}

fn say(path: &Path, tally: Tally, is_trial: bool) {
    let Tally {
        read,
        events,
        totals,
        known,
        opted_out,
        refused,
    } = tally;
    let what = if is_trial { "would import" } else { "imported" };
    let mut parts = vec![match totals {
        0 => format!("{what} {events} events"),
        _ => format!("{what} {totals} totals"),
    }];
    for (count, words) in [
        (known, "were there before"),
        (opted_out, "asked not to be counted"),
        (refused, "refused"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    }
    eprintln!("{}: {} of {read} lines", path.display(), parts.join(", "));
}

fn domain(text: &str) -> Result<String, String> {
    weir_config::host_name(text)
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| "write a domain such as get.acme.example".to_owned())
}

fn day(text: &str) -> Result<u16, String> {
    let wrong = || "write a day such as 2026-03-01".to_owned();
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    day_number(date).ok_or_else(wrong)
}
