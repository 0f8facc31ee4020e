//! What a route answers before it is asked: one table for all, and one for those that take a body, so that none forgets
//! it.

use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Status and reason.
const OF_A_BODY: [(&str, &str); 2] = [
    ("413", "the body is too large"),
    ("415", "the body is not sent as JSON"),
];

/// Status and reason.
const TOO_OFTEN: [(&str, &str); 1] = [(
    "429",
    "too many requests from one network; `Retry-After` says when to ask again",
)];

/// Adds them to every operation, and to those whose body is JSON.
pub(super) fn describe(openapi: &mut OpenApi) {
    for item in openapi.paths.paths.values_mut() {
        for operation in operations(item).into_iter().flatten() {
            let of_body = takes_json(operation).then_some(OF_A_BODY);
            let refusals = of_body.into_iter().flatten().chain(TOO_OFTEN);
            for (status, reason) in refusals {
                let responses = &mut operation.responses.responses;
                responses
                    .entry(status.to_owned())
                    .or_insert_with(|| refusal(reason).into());
            }
        }
    }
}

fn operations(item: &mut PathItem) -> [Option<&mut Operation>; 5] {
    [
        item.get.as_mut(),
        item.put.as_mut(),
        item.post.as_mut(),
        item.delete.as_mut(),
        item.patch.as_mut(),
    ]
}

fn takes_json(operation: &Operation) -> bool {
    match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        Some(RefOr::Ref(_)) | None => false,
    }
}

fn refusal(reason: &str) -> Response {
    let schema = Ref::from_schema_name("ErrorBody");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new()
        .description(reason)
        .content("application/json", content)
        .build()
}
