//! A real ClickHouse with the real tables, filled by the real writer.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use weir_config::Settings;
use weir_dashboards::{Connect, ConnectInfo};
use weir_event::{Audience, Event, EventId, Kind};
use weir_ingest::engine::{Access, Engine, EngineOptions, EngineState, Role};
use weir_ingest::import::{Bounds, Format, Importer, Known, Refusal, Source};
use weir_ingest::{schema, store};

/// A running engine; it ends when this is dropped.
pub(crate) struct Filled {
    engine: Arc<Engine>,
    store: store::Store,
    batches: u64,
    _folder: tempfile::TempDir,
}

impl Filled {
    /// Starts an engine with empty tables.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let built = built();
        let library = library(&built);
        let options = EngineOptions {
            data_dir: folder.path().to_owned(),
            executable: built.join("examples/dashboards-engine"),
            arguments: Vec::new(),
            engine: Some(library),
            database: "weir".to_owned(),
            memory_bytes: 1 << 30,
        };
        assert!(
            options.executable.is_file(),
            "build it: cargo build -p weir-dashboards --examples"
        );
        let engine = Engine::start(options).expect("a folder for the engine");
        let mut state = engine.state();
        let ready = state.wait_for(|state| *state == EngineState::Ready);
        let waited = tokio::time::timeout(Duration::from_mins(1), ready)
            .await
            .map(|ready| ready.is_ok());
        assert_eq!(
            waited,
            Ok(true),
            "the engine is not ready: {:?}",
            engine.state().borrow().clone()
        );
        schema::migrate(&engine.access(Role::Migrate))
            .await
            .expect("tables");
        let store = store::Store::connect(&engine.access(Role::Ingest));
        Self {
            engine: Arc::new(engine),
            store,
            batches: 0,
            _folder: folder,
        }
    }

    /// Where it is, for the user that may only read.
    pub(crate) fn connect(&self) -> Connect {
        self.connect_as(Role::Dash)
    }

    /// Where it is, for the user that exports.
    pub(crate) fn connect_to_export(&self) -> Connect {
        self.connect_as(Role::Export)
    }

    /// Where it is, for the user that runs people's own statements.
    pub(crate) fn connect_for_sql(&self) -> Connect {
        self.connect_as(Role::Sql)
    }

    /// Where it is, for the user that writes.
    pub(crate) fn access_to_write(&self) -> Access {
        self.engine.access(Role::Ingest)
    }

    fn connect_as(&self, role: Role) -> Connect {
        let engine = Arc::clone(&self.engine);
        Arc::new(move || {
            let Access {
                url,
                user,
                password,
                database,
            } = engine.access(role);
            Some(ConnectInfo {
                url,
                user,
                password,
                database,
            })
        })
    }

    /// What a statement of `role` answers, as text.
    pub(crate) async fn ask(&self, role: Role, sql: &str) -> String {
        let Access {
            url,
            user,
            password,
            ..
        } = self.engine.access(role);
        let client = reqwest::Client::new();
        let request = client.post(url).body(sql.to_owned());
        let request = request
            .header("x-clickhouse-user", user)
            .header("x-clickhouse-key", password);
        let answer = request.send().await.expect("the engine answers");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert!(status.is_success(), "{text}");
        text
    }

    /// Ends the engine for good.
    pub(crate) fn stop(&self) {
        self.engine.stop();
    }

    /// The rights of whoever owns the tables.
    pub(crate) fn access_of_owner(&self) -> Access {
        self.engine.access(Role::Migrate)
    }

    /// Stores events as one batch.
    pub(crate) async fn store(&mut self, events: &[Event<'_>]) {
        self.batches += 1;
        self.store_again(self.batches, events).await;
    }

    /// Stores a batch as it was stored before.
    pub(crate) async fn store_again(&self, id: u64, events: &[Event<'_>]) {
        let token = format!("batch-{id}");
        let batch = store::Batch {
            id,
            token: &token,
            events,
        };
        self.store.insert(batch).await.expect("stored");
    }

    /// Imports what a registry answered; counters that do not say their day are of `day`, in days since 1970.
    pub(crate) async fn import(&self, format: Format, day: u16, text: &str) {
        let access = self.engine.access(Role::Ingest);
        let classify = Arc::new(|_| Err(Refusal::NoRoute));
        let importer = Importer::new(&Settings::default(), Some(&access), classify);
        let source = Source {
            format,
            known: Known {
                day,
                ..Known::default()
            },
            bytes: Box::new(text.as_bytes()),
            bounds: Bounds::NONE,
        };
        let mut importer = importer.expect("the system has randomness");
        let tally = importer.run(source, &mut |_| {}).await.expect("imported");
        assert_eq!((tally.read, tally.refused), (tally.totals, 0));
    }
}

/// Events one after the other, each a download of `acme/rocket` by pip in Switzerland unless changed.
pub(crate) struct Events(u64);

impl Events {
    pub(crate) fn new() -> Self {
        Self(0)
    }

    pub(crate) fn download(&mut self, time: Timestamp, version: &'static str) -> Event<'static> {
        self.0 += 1;
        let id = EventId {
            node: 1,
            boot: 1,
            counter: self.0,
        };
        let seconds = u32::try_from(time.as_second()).expect("a time before 2106");
        Event {
            package: Cow::Borrowed("acme/rocket"),
            ecosystem: Cow::Borrowed("file"),
            version: Cow::Borrowed(version),
            client: Cow::Borrowed("pip"),
            country: Cow::Borrowed("CH"),
            audience: Audience::People,
            status: 302,
            visitor: u32::try_from(self.0).expect("few events"),
            ..Event::new(id, Kind::Download, seconds)
        }
    }
}

/// The folder that cargo builds into: this test lies in its `deps`.
fn built() -> PathBuf {
    let test = std::env::current_exe().expect("this test's own path");
    test.ancestors()
        .nth(2)
        .expect("target/debug/deps/test")
        .to_owned()
}

fn library(built: &Path) -> PathBuf {
    let named = std::env::var_os("WEIR_CLICKHOUSE__ENGINE").map(PathBuf::from);
    let library = named.unwrap_or_else(|| built.join("libchdb.so"));
    assert!(
        library.is_file(),
        "no engine at {}: run make engine",
        library.display()
    );
    library
}
