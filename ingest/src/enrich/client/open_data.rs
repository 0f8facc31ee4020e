//! What others keep of browsers and crawlers: uap-core's patterns and the list of the crate `iscrawl`.
//!
//! Both take some megabytes and a tenth of a second to make ready, which a gateway without pages to look at never
//! needs. So the first browser that comes starts it, on a thread of its own, and until it is done our own short
//! tables answer alone.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use iscrawl::CrawlerInfo;
use ua_parser::user_agent::{Builder, Extractor, Parser, ValueRef};

/// uap-core's patterns of browsers; `build.rs` says where they come from.
const BROWSERS: &str = include_str!(concat!(env!("OUT_DIR"), "/browsers.json"));

/// What is in the list of crawlers and is none: libraries of programs of every sort, and readers of feeds, in front
/// of which people sit.
const NO_CRAWLERS: &[&str] = &["http-library", "feed-reader"];

/// Both, ready to be asked.
struct OpenData {
    browsers: Extractor<'static>,
}

/// Empty until it is ready; nothing in it where it cannot be made.
static READY: OnceLock<Option<OpenData>> = OnceLock::new();

/// The data, if it is ready. If nobody asked before, this begins to make it so.
fn ready() -> Option<&'static OpenData> {
    static BEGUN: AtomicBool = AtomicBool::new(false);
    if let Some(ready) = READY.get() {
        return ready.as_ref();
    }
    if !BEGUN.swap(true, Ordering::Relaxed) {
        let thread = std::thread::Builder::new().name("browsers".to_owned());
        if let Err(error) = thread.spawn(load) {
            tracing::warn!(%error, "browsers and crawlers are told apart by the short tables alone");
        }
    }
    None
}

/// Whether agents are read with the data from here on.
pub(super) fn is_ready() -> bool {
    READY.get().is_some()
}

/// Makes the data ready before this returns: for commands and imports, which can wait.
pub fn load() {
    READY.get_or_init(|| {
        // INVARIANT: the tests load it, and it is part of the program.
        OpenData::new()
            .inspect_err(|error| tracing::error!(%error, "the patterns of browsers are unusable"))
            .ok()
    });
}

impl OpenData {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let patterns: Vec<Parser<'static>> = serde_json::from_str(BROWSERS)?;
        let browsers = Builder::new().push_all(patterns)?.build()?;
        // The crate makes its list ready when it is first asked.
        iscrawl::crawler_info("");
        Ok(Self { browsers })
    }
}

/// The browser that an agent names, and its version, as uap-core calls them.
pub(super) fn browser(agent: &str) -> Option<ValueRef<'_>> {
    ready()?.browsers.extract(agent)
}

/// What the list says of a crawler, if the agent is one's.
pub(super) fn crawler(agent: &str) -> Option<&'static CrawlerInfo> {
    ready()?;
    let info = iscrawl::crawler_info(agent)?;
    let is_none = |tag: &String| NO_CRAWLERS.contains(&tag.as_str());
    (!info.tags.iter().any(is_none)).then_some(info)
}
