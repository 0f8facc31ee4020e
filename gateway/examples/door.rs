//! The gateway alone, without engine, page and shipper: what a profile of it needs, and built in a minute.
//!
//! `cargo run --release -p weir-gateway --example door weir.toml` serves a configuration until it is killed, and loads it
//! again when it changes. Events stay in the spool.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use tokio::runtime;
use tokio::sync::watch;
use weir_config::{Config, watch};
use weir_gateway::{Gateway, Kept, listen};
use weir_ingest::Ingest;

// As in the program.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> Result<(), Box<dyn Error>> {
    // An earlier one would do as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    let file = file.ok_or("say which configuration to serve")?;
    let config = Config::load(&file, std::env::vars())?;
    let listeners = listen(&config.settings.gateway, |_| None)?;
    let ingest = Arc::new(Ingest::open(&config.settings)?);
    let kept = Kept {
        events_days: config.settings.retention.raw_days,
        counts_months: Some(config.settings.retention.rollup_months),
    };
    let threads = config.settings.gateway.threads;
    let gateway = Gateway::new(
        config.settings.gateway,
        &config.settings.certificates,
        config.settings.privacy.controller,
        kept,
        Arc::new(config.catalogue),
        ingest,
    )?;
    let again = gateway.clone();
    let _watch = watch(config.files, move || {
        let begun = Instant::now();
        let Ok(config) = Config::load(&file, std::env::vars()) else {
            return;
        };
        let privacy = config.settings.privacy;
        let catalogue = Arc::new(config.catalogue);
        again.reload(catalogue, privacy.controller, &config.settings.certificates);
        eprintln!(r#"{{"took_ms":{}}}"#, begun.elapsed().as_millis());
    })?;
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("gateway")
        .enable_all()
        .build()?;
    let (_end, ending) = watch::channel(false);
    runtime.block_on(gateway.serve(listeners, ending))?;
    Ok(())
}
