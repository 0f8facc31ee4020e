//! Hands what was seen to ingest. Called once a request, before its answer leaves.

use std::net::IpAddr;
use std::sync::Arc;

use weir_event::Answer;
use weir_ingest::{Class, ClientIp, Ingest, Observation, Practice};

use crate::answer::Reply;
use crate::date::{self, Now};
use crate::fact::Fact;
use crate::head::Head;
use crate::run;

/// How a request was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) answer: Answer,
    pub(crate) bytes: u64,
}

impl Outcome {
    /// Of `reply`, which nothing was streamed for.
    pub(crate) fn of(reply: &Reply, answer: Answer) -> Self {
        Self {
            status: reply.status,
            answer,
            bytes: 0,
        }
    }
}

/// The gateway's way into the event path.
#[derive(Clone)]
pub(crate) struct Recorder {
    ingest: Arc<Ingest>,
}

impl Recorder {
    pub(crate) fn new(ingest: Arc<Ingest>) -> Self {
        Self { ingest }
    }

    /// Records one request. When this returns the event is the kernel's, or counted as dropped.
    pub(crate) fn record(&self, head: &Head<'_>, peer: IpAddr, fact: &Fact<'_>, outcome: Outcome) {
        date::now(|now| self.record_at(now, head, peer, fact, outcome));
    }

    /// The same for who knows the time.
    pub(crate) fn record_at(
        &self,
        now: &Now,
        head: &Head<'_>,
        peer: IpAddr,
        fact: &Fact<'_>,
        outcome: Outcome,
    ) {
        let agent = head.text("user-agent");
        let observation = Observation {
            package: &fact.package,
            ecosystem: fact.ecosystem,
            domain: fact.domain(&head.host),
            route: &fact.route,
            version: &fact.version,
            artifact: &fact.artifact,
            digest: &fact.digest,
            os: &fact.os,
            arch: &fact.arch,
            method: head.method.as_str(),
            status: outcome.status,
            answer: outcome.answer,
            bytes: outcome.bytes,
            target: head.target,
            run: run::id(head, agent),
            user_agent: agent,
            referrer: fact.referrer.as_deref().unwrap_or(head.text("referer")),
            page: &fact.page,
            query: &fact.query,
            referrer_is_own: fact.own_page,
            opted_out: head.opted_out,
            props: fact.props.clone(),
            ..Observation::new(fact.kind)
        };
        let second = u32::try_from(now.second).unwrap_or(u32::MAX);
        self.ingest
            .record_at(&observation, &self.client(head, peer), second);
    }

    /// A number for one client within this process, for state that lives for minutes. None of who asked not to be
    /// counted: their address is not even read.
    pub(crate) fn session(&self, head: &Head<'_>, peer: IpAddr) -> Option<u64> {
        (!head.opted_out).then(|| {
            self.ingest
                .session(&self.client(head, peer), head.text("user-agent"))
        })
    }

    /// The network of a client; none of who asked not to be counted, whose address is not even read, and where an address
    /// says nothing of who is behind it.
    pub(crate) fn network(&self, head: &Head<'_>, peer: IpAddr) -> Option<IpAddr> {
        if head.opted_out {
            return None;
        }
        let client = self.client(head, peer);
        (!client.is_local()).then(|| client.net_key())
    }

    /// What sort of program reads docs under `agent`.
    pub(crate) fn class_of_reader(&self, agent: &str) -> Class {
        self.ingest.class(agent, "docs")
    }

    /// What is done with what is recorded.
    pub(crate) fn practice(&self) -> Practice {
        self.ingest.practice()
    }

    fn client(&self, head: &Head<'_>, peer: IpAddr) -> ClientIp {
        let forwarded = head.list(self.ingest.forwarded_header());
        self.ingest.client(peer, &forwarded)
    }
}
