//! Files at their hosts: whether they are there, which is the newest, and scripts.

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderValue};
use url::Url;
use weir_config::Captures;
use weir_config::catalogue::Route;
use weir_event::{Answer, Kind};

use super::{Step, Upstreams};
use crate::answer::{Failure, Reply};
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::files::Files;
use crate::ecosystem::{Plan, file};
use crate::fact::Fact;
use crate::head::Head;
use crate::upstream;
use crate::upstream::held::{Held, Key};
use crate::upstream::known::Found;

/// What a host says of a file.
enum Said {
    Found(Found),
    /// The client has it already.
    Unchanged,
}

/// Reads the status of an answer to a HEAD. Some hosts answer only a GET with what they have, so
/// little of what they say means that there is nothing.
fn said(status: u16) -> Said {
    match status {
        304 => Said::Unchanged,
        200..=299 => Said::Found(Found::There),
        401 | 404 | 410 => Said::Found(Found::Missing),
        _ => Said::Found(Found::Unsure),
    }
}

/// How long a host may take to say whether a file is there. A client waits for it, so a slow host is
/// not asked for long.
const ASKED: Duration = Duration::from_secs(1);

impl Upstreams {
    /// To `location`. Where that would be a download, its host is asked first whether there is
    /// something to download, unless it said so lately: what is not there is not counted.
    pub(super) async fn redirect(
        &self,
        head: &Head<'_>,
        status: u16,
        location: String,
        fact: &mut Option<Fact<'_>>,
    ) -> Result<Step, Failure> {
        let unsure = self.is_unsure(head, fact.as_ref());
        let found = match self.known.look(&location, Instant::now()) {
            _ if !unsure => Found::Unsure,
            Some(found) if !head.is_conditional() => found,
            _ => match self.ask(head, &location).await {
                Said::Unchanged => {
                    if let Some(fact) = fact {
                        fact.kind = Kind::Check;
                    }
                    return Ok(Step::Reply(Reply::new(304, "", ""), Answer::Proxy));
                }
                Said::Found(found) => {
                    self.known.learn(&location, found);
                    found
                }
            },
        };
        match found {
            Found::Missing => Err(Failure::NotFound),
            Found::There | Found::Unsure => Ok(Step::Reply(
                Reply::redirect(status, location),
                Answer::Redirect,
            )),
        }
    }

    /// Whether it matters if there is a file: a download that is recorded must have been one.
    pub(crate) fn is_unsure(&self, head: &Head<'_>, fact: Option<&Fact<'_>>) -> bool {
        let counts = fact.is_some_and(|fact| fact.kind == Kind::Download);
        let streamed = || self.always_proxy.iter().any(|domain| *domain == head.host);
        self.verify && counts && !head.opted_out && !streamed()
    }

    /// Asks the host of `location` whether there is a file, and whether it is newer than the client's.
    /// Only so many at once, so that a flood of invented paths does not become one at the host.
    async fn ask(&self, head: &Head<'_>, location: &str) -> Said {
        let Ok(url) = Url::parse(location) else {
            return Said::Found(Found::Unsure);
        };
        // One client a minute waits for a host that does not answer, not everyone.
        let host = url.origin().ascii_serialization();
        let Ok(_permit) = self.asking.try_acquire() else {
            return Said::Found(Found::Unsure);
        };
        if self.known.look(&host, Instant::now()) == Some(Found::Unsure) {
            return Said::Found(Found::Unsure);
        }
        let mut headers = HeaderMap::new();
        for name in ["if-none-match", "if-modified-since"] {
            if let Some(Ok(value)) = head.field(name).map(HeaderValue::from_str) {
                headers.insert(name, value);
            }
        }
        let answer = tokio::time::timeout(ASKED, self.client.probe(url, headers)).await;
        if let Ok(Ok(answer)) = answer {
            return said(answer.status);
        }
        self.known.learn(&host, Found::Unsure);
        Said::Found(Found::Unsure)
    }

    /// The way to the newest version of what `taken` names, which `fact` learns.
    pub(super) async fn latest<'a>(
        &self,
        head: &Head<'a>,
        route: &'a Route,
        taken: &Captures<'a>,
        fact: &mut Option<Fact<'a>>,
    ) -> Result<Plan<'a>, Failure> {
        let releases = route.releases.as_ref().ok_or(Failure::UnknownPath)?;
        let tag = self.newest.tag(&self.client, &releases.latest).await?;
        let version = releases.version(&tag).ok_or(Failure::NotFound)?;
        if let Some(fact) = fact {
            fact.version = version.to_owned().into();
        }
        Ok(file::to(
            head.method,
            route,
            &taken.with("version", version),
        ))
    }

    /// The script at `url`. Shells must not run yesterday's, so nobody else keeps it.
    pub(super) async fn script(
        &self,
        url: Url,
        content_type: &'static str,
    ) -> Result<Step, Failure> {
        let key = Key {
            index: url.to_string(),
            name: String::new(),
            form: "script",
            base: String::new(),
        };
        let fetch = async {
            let found = self.client.follow(url).await?;
            if found.status != 200 {
                return Err(upstream::failure(found.status).unwrap_or(Failure::Upstream));
            }
            let script = Rewritten {
                body: found.body.into(),
                files: Files::default(),
            };
            Ok(Held::new(script, "script"))
        };
        let held = Box::pin(self.documents.get(key, fetch)).await?;
        let reply = Reply::new(200, content_type, held.body.clone())
            .with("cache-control", "no-store")
            .with("vary", "accept");
        Ok(Step::Reply(reply, Answer::Proxy))
    }
}
