//! Two engines as the two shards of a cluster without a Keeper: tables on both, batches on either,
//! questions over both; one dies and comes back.
//!
//! What needs a Keeper (replicas, `ON CLUSTER`) is not run here, because the engine library has none
//! and cannot replicate; `schema/layout.rs` tests its text, and here ClickHouse's parser reads it.

mod support;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use support::{NOON, PATIENCE, client, error_code, number, options};
use tempfile::TempDir;
use weir_event::{Audience, Event, EventId, Kind};
use weir_ingest::engine::{Access, Engine, Role};
use weir_ingest::rollups::{ROLLUPS, differences, note_people};
use weir_ingest::schema::{Cluster, Layout, dry_run, layout, migrate_in};
use weir_ingest::store::{Batch, InsertError, Settlement, Store};

/// None of a cluster's nodes for a shard answers.
const ALL_CONNECTION_TRIES_FAILED: u32 = 279;

/// One of the two engines.
struct Node {
    folder: PathBuf,
    access: Access,
    tcp_port: u16,
    process: Option<Child>,
    _place: TempDir,
}

impl Node {
    /// Its folder with port and passwords; not started.
    async fn prepare() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let engine = support::started(place.path()).await;
        let access = engine.access(Role::Migrate);
        stopped(engine).await;
        Self {
            folder: place.path().join("clickhouse"),
            access,
            tcp_port: free_port(),
            process: None,
            _place: place,
        }
    }

    /// Tells it of the cluster.
    fn join(&self, shards: &str) {
        let port = self.tcp_port;
        let more = format!(
            "  <tcp_port>{port}</tcp_port>\n  <remote_servers><two>{shards}</two></remote_servers>\n</clickhouse>"
        );
        edit(&self.folder.join("etc/config.xml"), "</clickhouse>", &more);
        edit(
            &self.folder.join("etc/users.xml"),
            "<query>GRANT TABLE ENGINE ON *</query>",
            "<query>GRANT TABLE ENGINE ON *</query><query>GRANT SYSTEM LISTEN ON *.*</query><query>GRANT REMOTE ON *.*</query>",
        );
    }

    /// Its place in the cluster's description.
    fn shard(&self) -> String {
        let Access { user, password, .. } = &self.access;
        let port = self.tcp_port;
        format!(
            "<shard><replica><host>127.0.0.1</host><port>{port}</port><user>{user}</user><password>{password}</password></replica></shard>"
        )
    }

    async fn start(&mut self) {
        let mut command = Command::new(support::LAUNCHER);
        command
            .arg("library")
            .args([&support::engine_file(), &self.folder])
            .stdin(Stdio::piped())
            .stderr(Stdio::null());
        self.process = Some(command.spawn().expect("an executable"));
        let outside = Access {
            database: "system".into(),
            ..self.access.clone()
        };
        let since = Instant::now();
        while client(&outside)
            .query("SYSTEM START LISTEN TCP")
            .execute()
            .await
            .is_err()
        {
            assert!(since.elapsed() < PATIENCE, "the engine does not come up");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// As a crash would.
    fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        process.kill().expect("it ran");
        process.wait().expect("it ended");
    }

    async fn number(&self, sql: &str) -> u64 {
        number(&self.access, sql).await
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.kill();
        }
    }
}

async fn stopped(engine: Engine) {
    let stopping = tokio::task::spawn_blocking(move || engine.stop());
    stopping.await.expect("no panic");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn edit(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("written by the engine's supervisor");
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replacen(from, to, 1)).expect("written");
}

/// Ten downloads, each by another person.
fn events(id: u64) -> Vec<Event<'static>> {
    let event = |n: u32| Event {
        package: "acme/rocket".into(),
        version: "1.2.3".into(),
        country: "CH".into(),
        status: 302,
        audience: Audience::People,
        visitor: n + 1,
        ..Event::new(
            EventId {
                node: 1,
                boot: 1,
                counter: 100 * id + u64::from(n),
            },
            Kind::Download,
            *NOON,
        )
    };
    (0..10).map(event).collect()
}

async fn insert(store: &Store, id: u64) -> Result<(), InsertError> {
    let events = events(id);
    let token = format!("batch-{id}");
    store
        .insert(Batch {
            id,
            token: &token,
            events: &events,
        })
        .await
}

#[tokio::test]
async fn batches_lie_on_either_shard_whole_and_wait_for_one_that_is_gone() {
    let (mut one, mut two) = (Node::prepare().await, Node::prepare().await);
    let shards = one.shard() + &two.shard();
    for node in [&mut one, &mut two] {
        node.join(&shards);
        node.start().await;
    }
    let found = layout(&one.access, Some("two")).await.expect("an answer");
    let expected = Layout::Cluster(Cluster {
        name: "two".into(),
        keeper: false,
    });
    assert_eq!(found, expected);
    for node in [&one, &two] {
        migrate_in(&node.access, &found).await.expect("migrated");
        assert_eq!(migrate_in(&node.access, &found).await.expect("again"), []);
    }

    let store = Store::connect(&one.access);
    for id in [0, 1, 2, 3, 4, 5, 0, 1, 5] {
        insert(&store, id).await.expect("stored");
    }
    for (node, ids) in [(&one, "0, 2, 4"), (&two, "1, 3, 5")] {
        let here =
            format!("SELECT countIf(batch_id IN ({ids})) * 1000 + count() FROM events_local");
        assert_eq!(node.number(&here).await, 30_030);
        assert_eq!(
            node.number("SELECT toUInt64(sum(requests)) FROM daily_local")
                .await,
            30
        );
        // Either answers for both.
        assert_eq!(node.number("SELECT count() FROM events").await, 60);
        let daily = "SELECT toUInt64(sum(requests)) FROM daily WHERE kind = 'download'";
        assert_eq!(node.number(daily).await, 60);
        let people = "SELECT uniqCombined64Merge(visitors) FROM daily";
        assert_eq!(node.number(people).await, 10, "the same people on both");
        let split = "SELECT toUInt64(sum(answered)) FROM splits WHERE property = 'country' AND value = 'CH'";
        assert_eq!(node.number(split).await, 60);
        for rollup in ROLLUPS {
            let wrong = differences(&node.access, &found, rollup, *NOON / 86_400).await;
            assert_eq!(wrong.expect("compared"), []);
        }
    }
    for node in [&one, &two] {
        note_people(&node.access).await.expect("counted");
    }
    let people = "SELECT sum(people) FROM (SELECT max(people) AS people FROM people WHERE by = 'nothing' GROUP BY package, day)";
    assert_eq!(two.number(people).await, 10);

    two.kill();
    insert(&store, 6).await.expect("its shard is there");
    let error = insert(&store, 7).await.expect_err("its shard is gone");
    assert!(!matches!(error, InsertError::Refused { .. }), "{error}");
    let asked = error_code(&one.access, "SELECT count() FROM events FORMAT Null").await;
    assert_eq!(
        asked, ALL_CONNECTION_TRIES_FAILED,
        "no silent half of an answer"
    );

    two.start().await;
    insert(&store, 7).await.expect("stored");
    let sent = events(7);
    let batch = Batch {
        id: 7,
        token: "batch-7",
        events: &sent,
    };
    assert_eq!(
        store.settlement(batch).await.expect("an answer"),
        Settlement::Whole
    );
    assert_eq!(two.number("SELECT count() FROM events").await, 80);
    assert_eq!(
        two.number("SELECT uniqExact(event_id) FROM events").await,
        80
    );
    let daily = "SELECT toUInt64(sum(requests)) FROM daily";
    assert_eq!(one.number(daily).await, 80);
}

#[tokio::test]
async fn clickhouse_can_read_what_a_cluster_with_a_keeper_is_told() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = Engine::start(options(place.path())).expect("the folder can be used");
    support::reaches(&engine, |state| {
        *state == weir_ingest::engine::EngineState::Ready
    })
    .await;
    let access = Access {
        database: "system".into(),
        ..engine.access(Role::Migrate)
    };
    let cluster = Layout::Cluster(Cluster {
        name: "main".into(),
        keeper: true,
    });
    let sql = dry_run(&engine.access(Role::Migrate), &cluster)
        .await
        .expect("text");
    let statements: Vec<&str> = sql.split(";\n\n").filter(|text| !text.is_empty()).collect();
    assert!(statements.len() > 20, "{sql}");
    for statement in statements {
        let parsed = client(&access)
            .query("SELECT formatQuerySingleLine(?)")
            .bind(statement)
            .fetch_one::<String>()
            .await;
        let text = parsed.unwrap_or_else(|error| panic!("{statement}: {error}"));
        assert!(
            text.contains("ON CLUSTER main") || text.starts_with("INSERT"),
            "{text}"
        );
    }
    stopped(engine).await;
}
