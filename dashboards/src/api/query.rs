//! Questions in the shape of `query::json_schema`, and that schema itself.

use std::borrow::Cow;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, Failure, no_such_package};
use crate::accounts::Caller;
use crate::answers::AskError;
use crate::query::{Answer, json_schema, parse, united};

/// A question, described by the schema that is made from the parser's own lists.
pub(crate) struct Question;

impl PartialSchema for Question {
    fn schema() -> RefOr<Schema> {
        let (question, _) = described();
        question
    }
}

impl ToSchema for Question {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Question")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let (_, filter) = described();
        schemas.push(("Filter".to_owned(), filter));
    }
}

/// The schema of a question and that of its filters, which OpenAPI keeps in one place with all others.
fn described() -> (RefOr<Schema>, RefOr<Schema>) {
    let text = json_schema()
        .to_string()
        .replace("#/$defs/", "#/components/schemas/");
    let mut question: Value = serde_json::from_str(&text).unwrap_or_default();
    let filter = question["$defs"]["Filter"].take();
    if let Some(question) = question.as_object_mut() {
        question.remove("$schema");
        question.remove("$defs");
    }
    (schema(question), schema(filter))
}

fn schema(json: Value) -> RefOr<Schema> {
    serde_json::from_value(json).expect("our JSON schema uses what OpenAPI has")
}

/// Ask a question.
#[utoipa::path(post, path = "/query", tag = "numbers", request_body = Question, responses(
    (status = 200, description = "rows, what goes with them, and the question as understood", body = Answer),
    (status = 400, description = "the question makes no sense; the error begins with a JSON pointer to the place", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn ask(
    caller: Caller,
    State(dashboard): State<Shared>,
    body: Result<Json<Value>, JsonRejection>,
) -> Result<Json<Answer>, Failure> {
    let Json(written) = body?;
    let mut question = parse(&written).map_err(AskError::from)?;
    let target = question.target.within(&caller.packages);
    question.target = target.ok_or_else(no_such_package)?;
    let now = (dashboard.clock)();
    let mut answer = dashboard.answers.answer(&question, now).await?;
    if let Some(seen) = answer.meta.releases.take() {
        let announced = dashboard.accounts.announced(question.target.package());
        let days = answer.query.days();
        answer.meta.releases = Some(united(seen, &announced.await?, &question.target, days));
    }
    Ok(Json(answer))
}

/// The JSON Schema of questions. Needs no session.
#[utoipa::path(get, path = "/schema.json", tag = "operation",
    responses((status = 200, description = "JSON Schema, draft 2020-12", body = Object)))]
pub(crate) async fn shape() -> Json<Value> {
    Json(json_schema())
}
