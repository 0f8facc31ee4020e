//! Looks at what a download comes by: the configuration, DNS, this gateway behind its own name, the upstream.
//!
//! Only names of the operator's configuration are asked, and nothing that is asked is counted: the statement about
//! privacy, which every domain has, is no event.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use weir_config::Catalogue;
use weir_dashboards::{Check, Checked, Checking, Outcome};
use weir_gateway::upstreams;

use super::first_use::Front;
use super::reload::Serving;

/// Longest that one name may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Domains and upstreams that are looked at, of each.
const MOST: usize = 8;
/// On every domain of every gateway.
const STATEMENT: &str = "/.well-known/download-analytics.json";

/// Where TLS is expected unless the gateway listens for it elsewhere.
const HTTPS: u16 = 443;

/// Looks for whoever asks; `front` is where the gateway listens.
pub(super) fn checking(serving: &Arc<Serving>, front: Front) -> anyhow::Result<Checking> {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("weir-check/", env!("CARGO_PKG_VERSION")))
        .build()
        .context("cannot look at domains")?;
    let serving = Arc::clone(serving);
    Ok(Arc::new(move |package| {
        let (client, serving, front) = (client.clone(), Arc::clone(&serving), front.clone());
        Box::pin(async move { checks(&client, &serving, &front, &package).await })
    }))
}

async fn checks(
    client: &reqwest::Client,
    serving: &Serving,
    front: &Front,
    package: &str,
) -> Vec<Check> {
    let configured = serving.configured(front).into_iter();
    let domains: BTreeSet<String> = configured
        .filter(|known| known.name == package)
        .flat_map(|known| known.domains)
        .collect();
    let mut checks = vec![route(package, &domains)];
    for domain in domains.iter().take(MOST) {
        checks.extend(reachable(client, domain, front).await);
    }
    for upstream in of_package(&serving.load(), package).iter().take(MOST) {
        checks.push(answers(client, upstream).await);
    }
    checks
}

fn route(package: &str, domains: &BTreeSet<String>) -> Check {
    let found: Vec<_> = domains.iter().map(String::as_str).collect();
    let outcome = if found.is_empty() {
        Outcome::Bad
    } else {
        Outcome::Good
    };
    check(Checked::Route, package, outcome, found.join(", "))
}

/// Whether a domain leads here, by name and by certificate.
async fn reachable(client: &reqwest::Client, domain: &str, front: &Front) -> Vec<Check> {
    let (port, https) = (front.port, front.https.unwrap_or(HTTPS));
    let dns = resolves(domain, port).await;
    if dns.outcome == Outcome::Bad {
        return vec![dns];
    }
    let plain = client
        .get(format!("http://{domain}:{port}{STATEMENT}"))
        .send();
    let secure = client
        .get(format!("https://{domain}:{https}{STATEMENT}"))
        .send();
    let (plain, secure) = tokio::join!(plain, secure);
    let is_ours = |answer: &Result<reqwest::Response, reqwest::Error>| {
        answer
            .as_ref()
            .is_ok_and(|answer| answer.status().is_success())
    };
    let here = is_ours(&plain) || is_ours(&secure);
    let found = if is_ours(&secure) { &secure } else { &plain };
    let outcome = if here { Outcome::Good } else { Outcome::Bad };
    let certificate = match &secure {
        Ok(_) => Outcome::Good,
        Err(error) if is_about_certificates(error) => Outcome::Bad,
        // Nothing listens for HTTPS there.
        Err(_) => Outcome::Unsure,
    };
    vec![
        dns,
        check(Checked::Gateway, domain, outcome, said(found)),
        check(Checked::Certificate, domain, certificate, said(&secure)),
    ]
}

async fn resolves(domain: &str, port: u16) -> Check {
    let asked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((domain, port))).await;
    match asked {
        Ok(Ok(addresses)) => {
            let hosts: BTreeSet<_> = addresses.map(|address| address.ip().to_string()).collect();
            let found = hosts.into_iter().collect::<Vec<_>>().join(", ");
            check(Checked::Dns, domain, Outcome::Good, found)
        }
        Ok(Err(error)) => check(Checked::Dns, domain, Outcome::Bad, error.to_string()),
        Err(_) => check(
            Checked::Dns,
            domain,
            Outcome::Bad,
            "no answer in time".to_owned(),
        ),
    }
}

/// Hosts that downloads of a package are fetched from or sent to, as addresses without a path.
fn of_package(catalogue: &Catalogue, package: &str) -> BTreeSet<String> {
    let ways = upstreams(catalogue, package).into_iter();
    ways.map(|url| url.origin().ascii_serialization()).collect()
}

/// Any answer will do, also one that asks for a sign-in or knows no such page: somebody is there who speaks HTTP.
async fn answers(client: &reqwest::Client, origin: &str) -> Check {
    let answer = client.get(origin).send().await;
    let outcome = match &answer {
        Ok(answer) if answer.status().is_server_error() => Outcome::Bad,
        Ok(_) => Outcome::Good,
        Err(_) => Outcome::Bad,
    };
    check(Checked::Upstream, origin, outcome, said(&answer))
}

fn check(what: Checked, of: &str, outcome: Outcome, found: String) -> Check {
    Check {
        what,
        of: of.to_owned(),
        outcome,
        found,
    }
}

/// What was answered, or why nothing was.
fn said(answer: &Result<reqwest::Response, reqwest::Error>) -> String {
    match answer {
        Ok(answer) => answer.status().to_string(),
        Err(error) => innermost(error).to_string(),
    }
}

fn innermost<'e>(
    error: &'e (dyn std::error::Error + 'static),
) -> &'e (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |error| error.source())
        .last()
        .unwrap_or(error)
}

/// The library hides its TLS errors behind those of I/O; their text is what tells them.
fn is_about_certificates(error: &reqwest::Error) -> bool {
    innermost(error).to_string().contains("certificate")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(checks: &[Check]) -> String {
        let lines = checks
            .iter()
            .map(|check| format!("{:?} {:?} {}", check.what, check.outcome, check.found));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn client() -> reqwest::Client {
        // Another test of this process may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .expect("a client")
    }

    /// Answers every request with this status; where it listens.
    async fn server(status: &'static str) -> Front {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = [0; 4096];
                let _ = stream.read(&mut head).await;
                let answer =
                    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Front {
            port,
            https: None,
            has_certificate: Arc::new(|_| false),
        }
    }

    #[tokio::test]
    async fn a_domain_that_leads_here_is_good_and_needs_no_certificate_of_its_own() {
        let front = server("200 OK").await;
        let checks = reachable(&client(), "127.0.0.1", &front).await;
        assert!(
            lines(&checks)
                .starts_with("Dns Good 127.0.0.1\nGateway Good 200 OK\nCertificate Unsure"),
            "{checks:?}"
        );
    }

    #[tokio::test]
    async fn a_domain_that_leads_elsewhere_is_bad() {
        let front = server("404 Not Found").await;
        let checks = reachable(&client(), "127.0.0.1", &front).await;
        assert!(
            lines(&checks).contains("Gateway Bad 404 Not Found"),
            "{checks:?}"
        );
        let checks = reachable(&client(), "no-such-name.invalid", &front).await;
        assert!(
            lines(&checks).starts_with("Dns Bad") && checks.len() == 1,
            "{checks:?}"
        );
    }

    #[tokio::test]
    async fn an_upstream_that_wants_a_sign_in_answers_and_one_that_fails_does_not() {
        for (status, good) in [
            ("401 Unauthorized", true),
            ("404 Not Found", true),
            ("503 Service Unavailable", false),
        ] {
            let front = server(status).await;
            let check = answers(&client(), &format!("http://127.0.0.1:{}", front.port)).await;
            assert_eq!(
                (check.outcome == Outcome::Good, check.found.as_str()),
                (good, status)
            );
        }
    }
}
