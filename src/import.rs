//! What an import needs of the program: the routes that tell what logged requests were, and a ClickHouse to
//! import into, whether it runs already or not.

use std::io::Read;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use weir_config::Catalogue;
use weir_config::catalogue::Tokens;
use weir_config::settings::Settings;
use weir_dashboards::{ImportFailure, ImportRequest, Imported};
use weir_gateway::Classifier;
use weir_ingest::engine::{Access, Engine, EngineState, Role};
use weir_ingest::import::{
    Bounds, Classify, Format, ImportError, Importer, Known, Note, Source, UnknownFormat,
};
use weir_ingest::schema;
use weir_ingest::store::InsertError;
use weir_traces::{Key, Span};

use crate::program::Serving;
use crate::reach::{retention, start_engine};

/// Longest that our own engine may take to come up.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(2);

/// Most refused lines that an answer names.
const MOST_LINES: usize = 1000;

/// Between two looks at it.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);

/// Tells what logged requests were, as the gateway would have.
pub fn classify(catalogue: Arc<Catalogue>) -> Arc<Classify> {
    let classifier = Classifier::new(catalogue);
    Arc::new(move |logged| classifier.classify(logged))
}

/// Importing by HTTP: for users and their tokens, and for the tokens that the settings have for it.
pub fn by_http(
    settings: &Settings,
    serving: Arc<Serving>,
    engine: Arc<Engine>,
) -> weir_dashboards::Import {
    let tokens = settings.dashboards.import_tokens.clone();
    let tokens = tokens.map_or_else(Vec::new, |Tokens(digests)| digests);
    let settings = settings.clone();
    let naming = Arc::clone(&serving);
    let run = move |request: ImportRequest, body: Box<dyn Read + Send>| {
        let format: Format = request.format.parse().map_err(asked)?;
        let day = request.day.map_or_else(|| Ok(today()), day_asked)?;
        let source = Source {
            format,
            known: Known {
                package: request.package,
                pixel: request.pixel,
                domain: request.domain,
                day,
            },
            bytes: body,
            bounds: Bounds::STRANGER,
        };
        let access = engine.access(Role::Ingest);
        run(&settings, &access, classify(serving.load()), source)
    };
    let of_pixel = move |id: &str| counts_for(&naming.load(), id);
    weir_dashboards::Import::new(&tokens, Arc::new(run), Arc::new(of_pixel))
}

/// The package that the pixel or site `id` counts for.
fn counts_for(catalogue: &Catalogue, id: &str) -> Option<String> {
    let pixels = catalogue.pixels.iter();
    let mut pixels = pixels.map(|pixel| (&pixel.id, &pixel.package));
    let sites = catalogue.sites.iter();
    let mut sites = sites.map(|site| (&site.id, &site.package));
    let found = pixels
        .find(|(known, _)| *known == id)
        .or_else(|| sites.find(|(known, _)| *known == id));
    found.map(|(_, package)| package.clone())
}

fn asked(error: UnknownFormat) -> ImportFailure {
    ImportFailure::Asked(format!("from: {error}"))
}

fn day_asked(date: Date) -> Result<u16, ImportFailure> {
    day_number(date).ok_or_else(|| ImportFailure::Asked("day: days are counted from 1970".into()))
}

/// Runs one import to its end, on this thread.
fn run(
    settings: &Settings,
    access: &Access,
    classify: Arc<Classify>,
    source: Source<'_>,
) -> Result<Imported, ImportFailure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| ImportFailure::Failed(error.into()))?;
    let mut importer = Importer::new(settings, Some(access), classify)
        .map_err(|error| ImportFailure::Failed(error.into()))?;
    let mut lines = Vec::new();
    let mut note = |note: Note| match note {
        Note::Refused { line, why } if lines.len() < MOST_LINES => {
            lines.push((line, why.to_string()));
        }
        Note::Refused { .. } | Note::Progress { .. } => {}
    };
    let mut span = Span::work("import");
    span.note(Key::Format, source.format.as_str());
    let outcome = runtime.block_on(importer.run(source, &mut note));
    let tally = outcome
        .map_err(failure)
        .inspect_err(|failure| span.fail(failure.kind()))?;
    span.note(Key::Rows, tally.events);
    span.note(Key::Refused, tally.refused);
    Ok(Imported {
        read: tally.read,
        events: tally.events,
        totals: tally.totals,
        known: tally.known,
        opted_out: tally.opted_out,
        refused: tally.refused,
        lines,
    })
}

fn failure(error: ImportError) -> ImportFailure {
    match error {
        ImportError::Bomb(_) => ImportFailure::TooLarge,
        ImportError::Read(_) => ImportFailure::Damaged,
        ImportError::Ledger(_)
        | ImportError::Insert(InsertError::Unavailable(_) | InsertError::Ambiguous(_)) => {
            ImportFailure::Unavailable(error.into())
        }
        ImportError::Insert(_) | ImportError::Randomness(_) => ImportFailure::Failed(error.into()),
    }
}

/// Today (UTC), in days since 1970.
pub fn today() -> u16 {
    let days = jiff::Timestamp::now().as_second() / 86_400;
    u16::try_from(days).unwrap_or(u16::MAX)
}

/// A day in days since 1970; none before that, nor in a century that no table holds.
pub fn day_number(date: Date) -> Option<u16> {
    let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    u16::try_from(midnight.timestamp().as_second() / 86_400).ok()
}

/// A ClickHouse to import into.
pub struct Target {
    /// How to reach it.
    pub access: Access,
    /// Our own, if it was started for this; ends with it.
    engine: Option<Engine>,
}

impl Target {
    /// The server of the settings; or the engine of a `weir serve` that runs on the same folder; or else that
    /// engine, started for as long as this value lives.
    pub async fn reach(settings: &Settings) -> anyhow::Result<Self> {
        // Another provider set earlier in this process serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if settings.clickhouse.url.is_none()
            && let Some(access) =
                Engine::running(&settings.data_dir, &settings.clickhouse.database)?
        {
            tables(&access).await?;
            return Ok(Self {
                access,
                engine: None,
            });
        }
        let engine = start_engine(settings)?;
        let access = engine.access(Role::Ingest);
        if settings.clickhouse.url.is_none() {
            come_up(&engine).await?;
            schema::prepare(&engine.access(Role::Migrate), retention(settings))
                .await
                .context("cannot bring the tables up to date")?;
        }
        Ok(Self {
            access,
            engine: Some(engine),
        })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(engine) = &self.engine {
            engine.stop();
        }
    }
}

/// Waits until the program that runs the engine has brought its tables up to date.
async fn tables(access: &Access) -> anyhow::Result<()> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let pending = schema::dry_run(access, &schema::Layout::Server).await;
        match pending {
            Ok(sql) if sql.is_empty() => return Ok(()),
            outcome if tokio::time::Instant::now() > deadline => {
                outcome.context("the engine of the running `weir serve` does not answer")?;
                bail!(
                    "the running `weir serve` does not bring the tables up to date; is it an older version?"
                );
            }
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn come_up(engine: &Engine) -> anyhow::Result<()> {
    let mut state = engine.state();
    let up = state.wait_for(|state| *state != EngineState::Starting);
    let up = tokio::time::timeout(PATIENCE, up)
        .await
        .context("the engine does not come up")?;
    if let EngineState::Down { reason, .. } = &*up.context("the engine's supervisor ended")? {
        bail!("the engine does not come up: {reason}");
    }
    Ok(())
}
