//! The way to ClickHouse for statements that people write on the page.

use std::sync::Arc;

use weir_dashboards::Connect;
use weir_ingest::engine::Engine;

/// None on a server of the operator's own, whose users are not ours to make.
pub(super) fn connect_to(engine: &Arc<Engine>) -> Option<Connect> {
    engine.access_for_sql()?;
    let engine = Arc::clone(engine);
    Some(Arc::new(move || {
        engine.access_for_sql().map(super::page::connect)
    }))
}
