//! Matches that were wrong, said by somebody who may.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure};
use crate::accounts::{Action, Caller};
use crate::organisations::{Verdict, WrongMatch};

/// What organisations can be.
const TYPES: [&str; 4] = ["business", "education", "government", "nonprofit"];
/// Most organisations of one correction, and longest texts in bytes.
const MOST_IDS: usize = 100;
const MOST_BYTES: usize = 200;

/// What is true of events that were matched to an organisation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    /// The numbers they were stored under, as its profile has them.
    #[schema(min_items = 1, max_items = 100)]
    ids: Vec<u32>,
    /// What is done.
    verdict: Word,
    /// How they are called, for `rename`.
    #[serde(default)]
    name: String,
    /// Their domain, for `rename`; empty leaves what was stored.
    #[serde(default)]
    domain: String,
    /// business, education, government or nonprofit, for `rename`; empty leaves what was stored.
    #[serde(default, rename = "type")]
    kind: String,
    /// Why, for whoever reads the list later.
    #[serde(default)]
    note: String,
}

/// What is done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Word {
    /// They are nobody's.
    Wrong,
    /// They are shown under another name.
    Rename,
    /// They are shown as they were stored.
    Undo,
}

/// Say that a match is wrong, also in the past. No event is changed, and `undo` takes it back.
#[utoipa::path(post, path = "/corrections", tag = "numbers", request_body = Correction, responses(
    (status = 204, description = "it holds from the next question on"),
    (status = 400, description = "the correction makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "neither owner, admin nor editor, or asked by another site's page", body = ErrorBody),
    (status = 404, description = "corrections are not taken here", body = ErrorBody),
    (status = 503, description = "ClickHouse does not take it", body = ErrorBody),
))]
pub(crate) async fn put(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<Correction>, JsonRejection>,
) -> Result<StatusCode, Failure> {
    let Json(correction) = body?;
    let (wrong, action, object) = checked(correction)?;
    let Some(correct) = &dashboard.correct else {
        let said = "corrections are not taken here; use `weir orgs`";
        return Err(Failure::new(ErrorCode::CorrectionsOff, said));
    };
    correct(wrong).await?;
    dashboard.answers.forget();
    dashboard
        .accounts
        .note(&caller.actor(), action, &object)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The correction with the line that the audit log gets.
fn checked(correction: Correction) -> Result<(WrongMatch, Action, String), Failure> {
    let refused = |why: &str| Err(Failure::new(ErrorCode::InvalidBody, why));
    let Correction {
        ids,
        verdict,
        name,
        domain,
        kind,
        note,
    } = correction;
    let (name, domain) = (name.trim().to_owned(), domain.trim().to_ascii_lowercase());
    if !(1..=MOST_IDS).contains(&ids.len()) || ids.contains(&0) {
        return refused("#/ids: 1 to 100 numbers of organisations are needed");
    }
    if [&name, &domain, &note]
        .iter()
        .any(|text| text.len() > MOST_BYTES)
    {
        return refused("#: a text has at most 200 bytes");
    }
    if verdict == Word::Rename && name.is_empty() {
        return refused("#/name: a name is needed; the verdict `wrong` takes a name away");
    }
    if !kind.is_empty() && !TYPES.contains(&kind.as_str()) {
        return refused("#/type: one of business, education, government, nonprofit");
    }
    let numbers: Vec<_> = ids.iter().map(u32::to_string).collect();
    let numbers = numbers.join(", ");
    let (verdict, action, object) = match verdict {
        Word::Wrong => (Verdict::Wrong, Action::MatchRefused, numbers),
        Word::Undo => (Verdict::Undo, Action::CorrectionUndone, numbers),
        Word::Rename => {
            let object = format!("{numbers}: {name}");
            let rename = Verdict::Rename { name, domain, kind };
            (rename, Action::MatchRenamed, object)
        }
    };
    Ok((WrongMatch { ids, verdict, note }, action, object))
}
