//! How often one network may tell something: views and events, which any program can send. Downloads have no limit.
//!
//! A picture is shown all the same, and only not counted; a sender of events is told when to come again.

use std::net::IpAddr;
use std::time::Instant;

use weir_config::limit::{Limit, TooOften};

use crate::answer::Failure;
use crate::ecosystem::pixel::viewer::DROPPED;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;

/// What each network has told lately.
pub(crate) struct Telemetry {
    limit: Option<Limit>,
    begun: Instant,
}

impl Telemetry {
    /// Lets a network tell something so often within a minute, all of it at once or spread out; 0 is without a limit.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            limit: (per_minute > 0).then(|| Limit::new(per_minute, per_minute)),
            begun: Instant::now(),
        }
    }

    /// `decision` as it is for a client of `network`, which nobody asks for where nothing is told. None is that of a
    /// client without a network of its own, such as a proxy's.
    pub(crate) fn judge<'a>(
        &self,
        decision: Box<Decision<'a>>,
        network: impl FnOnce() -> Option<IpAddr>,
    ) -> Box<Decision<'a>> {
        let (Some(limit), Some(told)) = (&self.limit, told(&decision)) else {
            return decision;
        };
        let now = self.begun.elapsed();
        match network().map(|network| limit.count(network, now)) {
            Some(Err(often)) => Box::new(refused(*decision, told, often)),
            Some(Ok(())) | None => decision,
        }
    }
}

/// How something is told.
#[derive(Clone, Copy)]
enum Told {
    /// By asking for a picture, which a page has to show.
    Picture,
    /// By sending it.
    Message,
}

fn told(decision: &Decision<'_>) -> Option<Told> {
    let Fact { ecosystem, .. } = decision.fact.as_ref()?;
    match (&decision.plan, *ecosystem) {
        (Plan::Collect(_), _) | (Plan::Reply(_), "event") => Some(Told::Message),
        (Plan::Reply(_), "docs") => Some(Told::Picture),
        _ => None,
    }
}

fn refused(decision: Decision<'_>, told: Told, often: TooOften) -> Decision<'_> {
    let plan = match (told, decision.plan) {
        // One reason is told, the one that counted last.
        (Told::Picture, Plan::Reply(mut reply)) => {
            reply.headers.retain(|(name, _)| *name != DROPPED);
            Plan::Reply(reply.with(DROPPED, "too-often"))
        }
        _ => Plan::Fail(Failure::TooOften(often)),
    };
    Decision {
        plan,
        fact: None,
        ..decision
    }
}

#[cfg(test)]
mod tests {
    use weir_event::Kind;

    use super::*;
    use crate::answer::{Dialect, Reply};

    const SOMEBODY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 0));

    fn decided(plan: Plan<'static>, ecosystem: &'static str) -> Box<Decision<'static>> {
        let fact = Fact::new(Kind::View, ecosystem, "acme/app", "r");
        Box::new(Decision::new(plan, fact))
    }

    /// What a third one comes to where two may be told in a minute.
    fn third(ecosystem: &'static str, plan: impl Fn() -> Plan<'static>) -> Box<Decision<'static>> {
        let telemetry = Telemetry::new(2);
        let judge = || telemetry.judge(decided(plan(), ecosystem), || Some(SOMEBODY));
        for _ in 0..2 {
            assert!(judge().fact.is_some());
        }
        judge()
    }

    #[test]
    fn a_picture_is_shown_and_not_counted() {
        let third = third("docs", || Plan::Reply(Reply::text(200, "picture")));
        assert!(third.fact.is_none());
        let Plan::Reply(reply) = third.plan else {
            panic!("no picture: {:?}", third.plan);
        };
        assert_eq!(reply.status, 200);
        assert_eq!(reply.headers[..], [(DROPPED, "too-often".into())]);
    }

    #[test]
    fn a_sender_is_told_when_to_come_again() {
        let third = third("event", || Plan::Reply(Reply::text(202, "taken")));
        assert!(third.fact.is_none());
        let Plan::Fail(failure) = third.plan else {
            panic!("taken: {:?}", third.plan);
        };
        let reply = Dialect::Json.reply(&failure);
        assert_eq!(reply.status, 429);
        assert_eq!(reply.headers[..], [("retry-after", "30".into())]);
    }

    #[test]
    fn downloads_have_no_limit() {
        let redirect = || Plan::Redirect {
            status: 302,
            location: "https://up.test/a".to_owned(),
        };
        assert!(third("file", redirect).fact.is_some());
        assert!(
            third("npm", || Plan::Reply(Reply::text(200, "a")))
                .fact
                .is_some()
        );
    }

    #[test]
    fn nobodys_network_is_asked_for_where_nothing_is_told() {
        let telemetry = Telemetry::new(1);
        let kept = telemetry.judge(decided(Plan::Reply(Reply::text(200, "")), "pypi"), || {
            panic!("asked for")
        });
        assert!(kept.fact.is_some());
    }
}
