//! Files that only a code host can name, and scripts.

use std::collections::HashMap;

use url::Url;
use weir_config::Captures;
use weir_config::catalogue::Route;
use weir_event::Answer;

use super::{Step, Upstreams};
use crate::answer::{Failure, Reply};
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::{Plan, file};
use crate::fact::Fact;
use crate::head::Head;
use crate::upstream;
use crate::upstream::held::{Held, Key};

impl Upstreams {
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
                files: HashMap::new(),
            };
            Ok(Held::new(script, "script"))
        };
        let held = self.documents.get(key, fetch).await?;
        let reply = Reply::new(200, content_type, held.body.clone())
            .with("cache-control", "no-store")
            .with("vary", "accept");
        Ok(Step::Reply(reply, Answer::Proxy))
    }
}
