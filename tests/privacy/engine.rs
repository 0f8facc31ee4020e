//! The engine behind the program, asked as whichever user a test needs to be.

use std::path::Path;

use serde_json::Value;

use crate::world::World;

/// How to reach it.
pub(crate) struct Engine {
    http: reqwest::Client,
    access: Value,
}

/// Tables that hold nothing: they count without end, interrupt every thread, or wait for another program.
const NO_ROWS: [&str; 8] = [
    "numbers",
    "numbers_mt",
    "zeros",
    "zeros_mt",
    "primes",
    "generate_series",
    "stack_trace",
    "models",
];

impl Engine {
    /// The one that runs for `world`.
    pub(crate) fn of(world: &World) -> Self {
        Self::at(&world.data(), world.http.clone())
    }

    fn at(data: &Path, http: reqwest::Client) -> Self {
        let access = std::fs::read(data.join("clickhouse/access.json")).expect("it was started");
        Self {
            http,
            access: serde_json::from_slice(&access).expect("JSON"),
        }
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        let port = self.access["port"].as_u64().expect("a number");
        u16::try_from(port).expect("a port")
    }

    /// What `sql` answers to `user` (`migrate`, `ingest`, `dash`, `export`), or why it is refused.
    pub(crate) async fn ask(&self, user: &str, sql: &str) -> Result<Vec<u8>, String> {
        let url = format!(
            "http://127.0.0.1:{}/?database=weir&output_format_json_quote_64bit_integers=0",
            self.access["port"]
        );
        let request = self
            .http
            .post(url)
            .header("x-clickhouse-user", format!("weir_{user}"))
            .header(
                "x-clickhouse-key",
                self.access[user].as_str().expect("a password"),
            )
            .body(sql.to_owned());
        let answer = request.send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
        let good = answer.status().is_success();
        let bytes = answer.bytes().await.expect("a whole answer");
        if good {
            Ok(bytes.to_vec())
        } else {
            Err(String::from_utf8_lossy(&bytes).into_owned())
        }
    }

    /// The same, line by line, of a statement that is known to be good.
    pub(crate) async fn lines(&self, sql: &str) -> Vec<String> {
        let answer = self.ask("migrate", sql).await;
        let answer = answer.unwrap_or_else(|error| panic!("{sql}: {error}"));
        let text = String::from_utf8(answer).expect("text");
        text.lines().map(str::to_owned).collect()
    }

    /// Stores every column as it is from here on, so that what is written can be read from the files.
    pub(crate) async fn uncompressed(&self) {
        let columns = "SELECT format('ALTER TABLE `{}` MODIFY COLUMN `{}` CODEC(NONE)', table, name) FROM system.columns
            WHERE database = 'weir' AND table IN (SELECT name FROM system.tables WHERE database = 'weir' AND engine LIKE '%MergeTree')
            FORMAT TSVRaw";
        for change in self.lines(columns).await {
            self.lines(&change).await;
        }
    }

    /// Every row of every table that can be read, the engine's own among them, as bytes.
    pub(crate) async fn dump(&self) -> Vec<(String, Vec<u8>)> {
        let names = "SELECT DISTINCT format('{}.{}', database, name) FROM system.tables
            WHERE lower(database) != 'information_schema' ORDER BY 1 FORMAT TSVRaw";
        let mut dump = Vec::new();
        for name in self.lines(names).await {
            let (database, table) = name.split_once('.').expect("made above");
            if database == "system" && NO_ROWS.contains(&table) {
                continue;
            }
            let sql = format!("SELECT * FROM `{database}`.`{table}` FORMAT RowBinary");
            // Some describe what this engine has not, such as a keeper.
            match self.ask("migrate", &sql).await {
                Ok(bytes) => dump.push((name, bytes)),
                Err(error) => assert_eq!(database, "system", "{error}"),
            }
        }
        dump
    }
}
