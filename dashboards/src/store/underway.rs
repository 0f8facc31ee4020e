//! A statement that runs in ClickHouse, and is ended there when nobody waits for it any more.
//!
//! ClickHouse looks at a closed connection only while it reports progress. A long join or sort reports none and
//! would keep its memory and its slot until its time is over.

use clickhouse::Client;
use clickhouse::query::Query;
use tokio::runtime::Handle;

/// A statement under way; dropped before its end, it is ended.
pub(super) struct Underway {
    end: Option<Query>,
}

impl Underway {
    /// A client whose next statement can be ended.
    pub(super) fn watch(client: Client) -> (Client, Self) {
        // Without a random name it runs all the same, and ends at its limit.
        let Ok(random) = getrandom::u64() else {
            return (client, Self { end: None });
        };
        let client = client.with_setting("query_id", format!("weir-{random:016x}"));
        // Takes the place of the statement of that name. `KILL QUERY` would need the right to see what others ask.
        let end = client
            .query_raw("SELECT 1")
            .with_setting("replace_running_query", "1");
        (client, Self { end: Some(end) })
    }

    /// The statement has ended by itself.
    pub(super) fn ended(&mut self) {
        self.end = None;
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        let Some(end) = self.end.take() else {
            return;
        };
        // Without a runtime the program is ending, and its connections with it.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = end.execute().await {
                    tracing::debug!(%error, "a statement that nobody waits for was not ended");
                }
            });
        }
    }
}
