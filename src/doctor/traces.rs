//! Whether the collector of traces takes what it would be sent.

use std::time::Duration;

use reqwest::StatusCode;
use tokio::time::timeout;
use weir_config::Settings;

use super::{Finding, cause, whole};
use crate::traces::Collector;

const ABOUT: &str = "traces";
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Nothing where no traces are sent.
pub(super) async fn look(settings: &Settings) -> Option<Finding> {
    let traces = settings.operator.traces.as_ref()?;
    let collector = match Collector::new(traces) {
        Ok(collector) => collector,
        Err(error) => {
            let todo = "see to [operator] traces_headers_file";
            return Some(Finding::warning(ABOUT, whole(error.as_ref()), todo));
        }
    };
    let answer = timeout(PATIENCE, collector.ask()).await;
    let address = &traces.url;
    Some(match answer {
        Ok(Ok(status)) if status.is_success() => {
            Finding::fine(ABOUT, format!("{address} takes them"))
        }
        Ok(Ok(status)) => {
            Finding::warning(ABOUT, format!("{address} answers {status}"), todo(status))
        }
        Ok(Err(error)) => Finding::warning(
            ABOUT,
            format!("{address} does not answer: {}", cause(&error)),
            UNREACHED,
        ),
        Err(_) => Finding::warning(
            ABOUT,
            format!("{address} does not answer in time"),
            UNREACHED,
        ),
    })
}

const UNREACHED: &str =
    "see to [operator] traces and to the collector: until it answers, traces are dropped";

fn todo(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            "give what the collector asks for in [operator] traces_headers_file"
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
            "give the address of the collector's OTLP over HTTP in [operator] traces; /v1/traces is added to it"
        }
        _ => UNREACHED,
    }
}
