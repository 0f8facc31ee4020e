//! What clients send to the dashboard, and what it then says.

use reqwest::RequestBuilder;
use serde_json::json;

use crate::clients::Client;
use crate::evidence::{Evidence, MARKER};
use crate::world::World;
use crate::world::owner::Owner;

/// Token of the tests' `import_tokens_file`.
pub(crate) const TOKEN: &str = "let-me-in-0123456789";

/// Signs in wrongly, asks wrongly and imports, as `client`.
pub(crate) async fn send_everything(world: &World, client: &Client) {
    let own = &client.own;
    for _ in 0..6 {
        let request = post(world, client, "session");
        send(request.json(&json!({"name": own, "password": own}))).await;
    }
    let name = json!({"code": own, "name": own, "password": "a long enough password"});
    send(post(world, client, "setup").json(&name)).await;
    let filters = json!({"metrics": [own], "filters": [["is", "client", [own]]]});
    send(post(world, client, "query").json(&filters)).await;
    send(post(world, client, "query").body(format!("{{{own}"))).await;
    for path in [own.as_str(), "openapi.json", "status", "packages"] {
        let url = format!("http://{}/api/v2/{path}?{own}", world.weir.page);
        send(
            client
                .http
                .get(url)
                .header("cookie", format!("session={own}")),
        )
        .await;
    }
    for (format, lines) in logs(client) {
        let path = format!("import?from={format}&domain=get.test");
        send(
            post(world, client, &path)
                .bearer_auth(own)
                .body(lines.clone()),
        )
        .await;
        send(post(world, client, &path).bearer_auth(TOKEN).body(lines)).await;
    }
}

fn post(world: &World, client: &Client, path: &str) -> RequestBuilder {
    let page = format!("http://{}", world.weir.page);
    let own = &client.own;
    let request = client
        .http
        .post(format!("{page}/api/v2/{path}"))
        .header("origin", page)
        .header("user-agent", format!("Mozilla/5.0 ({own})"))
        .header("referer", format!("http://{}/", client.host()));
    match &client.forwarded {
        Some(forwarded) => request.header("x-forwarded-for", forwarded),
        None => request,
    }
}

async fn send(request: RequestBuilder) {
    request.send().await.expect("an answer");
}

/// Format and lines of every kind of log that holds addresses, good lines and bad ones.
pub(crate) fn logs(client: &Client) -> [(&'static str, String); 4] {
    let own = &client.own;
    let now = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    let common = now.strftime("%d/%b/%Y:%H:%M:%S +0000");
    let [day, time] = ["%Y-%m-%d", "%H:%M:%S"].map(|format| now.strftime(format));
    [
        (
            "nginx",
            format!(
                "{own} - {own} [{common}] \"GET /rocket/1.0-{own}/linux-{own}.tar.gz?ip={own} HTTP/1.1\" 302 0 \"http://{own}/{own}\" \"curl/8.0 ({own})\"\n\
                 {own} - - [{common}] \"GET /rocket/{MARKER}/linux-arm64.tar.gz HTTP/1.1\" 302 0 \"-\" \"curl/8.0\"\n\
                 {own} is no line\n\
                 {own} - - [{common}] \"GET /{own} HTTP/1.1\" 404 0 \"-\" \"{own}\"\n"
            ),
        ),
        (
            "scarf",
            format!(
                r#"{{"$time":"{now}","$unique_id":"{own}","$package":"acme/{own}","$remote_address":"{own}","$user_agent":"{own}","$domain":"{own}","{own}":"{own}","page":"/{own}"}}"#
            ),
        ),
        (
            "weir",
            format!(
                r#"{{"time":"{now}","package":"acme/rocket","address":"{own}","client":"{own}","org_name":"{own}","source":"{own}","props":{{"ip":"{own}"}}}}"#
            ),
        ),
        (
            "cloudfront",
            format!(
                "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query\n\
                 {day}\t{time}\tFRA2\t0\t{own}\tGET\tget.test\t/rocket/2.0/linux-amd64.tar.gz\t302\thttp://{own}/\tcurl/8.0\tip={own}\n"
            ),
        ),
    ]
}

/// Looks at everything that the dashboard tells its owner.
pub(crate) async fn look(world: &World, owner: &Owner, evidence: &mut Evidence) {
    for resource in [
        "status",
        "packages",
        "events?limit=100",
        "imported?from=2025-01-01&to=2099-12-31",
    ] {
        let answer = world.ask(owner, resource).await.to_string();
        evidence.look(&format!("page: {resource}"), answer.as_bytes());
    }
}
