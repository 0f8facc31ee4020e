//! A request between its decision and its answer, whichever way it is answered.

use std::net::IpAddr;
use std::time::Instant;

use weir_event::Kind;
use weir_traces::Span;

use crate::answer::{Dialect, Failure};
use crate::cors::Page;
use crate::date::{self, Now};
use crate::fact::Fact;
use crate::fulfil::Forward;
use crate::gateway::Shared;
use crate::head::Head;
use crate::peer::Way;
use crate::pulls::Pulls;
use crate::recorder::Outcome;
use crate::traced;
use crate::traffic::{Mark, Stage, Traffic};

/// One request's state until its answer has ended.
#[derive(Default)]
pub(crate) struct Context {
    pub(crate) forward: Option<Box<Forward>>,
    /// To the upstream that is being asked.
    pub(crate) way: Option<Way>,
    /// What went wrong, where an error of Pingora's cannot say.
    pub(crate) failure: Option<Failure>,
    pub(crate) fact: Option<Fact<'static>>,
    pub(crate) dialect: Dialect,
    /// The page whose script may read the answer.
    pub(crate) page: Page,
    /// What browsers are told of https.
    pub(crate) strict: Option<String>,
    pub(crate) recorded: bool,
    /// Ends with the request, its answer's last byte included.
    pub(crate) span: Span,
    /// What counting needs; it is taken once the request is counted.
    pub(crate) uncounted: Option<Uncounted>,
}

/// A request that is not counted yet.
pub(crate) struct Uncounted {
    /// When its head was there.
    pub(crate) begun: Instant,
    /// Its sender asked not to be counted: it is a request, of nothing that is told apart.
    pub(crate) opted_out: bool,
}

impl Context {
    /// The client has it already: the request was a question whether it changed. A view is one all the same.
    pub(crate) fn confirmed(&mut self) {
        if let Some(fact) = &mut self.fact
            && fact.kind != Kind::View
        {
            fact.kind = Kind::Check;
        }
    }

    /// The fact of a streamed answer, now that its status is known.
    pub(crate) fn settle(&mut self, pulls: &Pulls, status: u16) {
        let layer = self.forward.as_ref().and_then(|to| to.layer.as_ref());
        if let Some(layer) = layer {
            if matches!(status, 200 | 206 | 301..=303 | 307 | 308) {
                self.fact = layer.pull(pulls);
            }
        } else if !(matches!(status, 200 | 206) || (300..400).contains(&status)) {
            self.fact = self.fact.take().map(|fact| fact.failed(status));
        }
        if status == 304 {
            self.confirmed();
        }
    }

    /// The fact of a request that got `failure` for an answer, which is counted with it.
    pub(crate) fn fail(&mut self, traffic: &Traffic, failure: Failure) {
        let fact = self.fact.take();
        self.fact = fact.map(|fact| fact.failed(failure.status()));
        // A client that went away after its answer was counted is no failure.
        if self.uncounted.is_some() {
            traffic.failed(failure);
        }
    }

    /// Counts once what a request of `fact` came to.
    pub(crate) fn count(&mut self, traffic: &Traffic, fact: Option<&Fact<'_>>, outcome: Outcome) {
        let counting = (&mut self.uncounted, &mut self.span);
        count(counting, Instant::now(), traffic, fact, outcome);
    }

    /// Counts once, and records once, before the answer leaves.
    pub(crate) fn record(
        &mut self,
        shared: &Shared,
        head: Option<&Head<'_>>,
        peer: IpAddr,
        outcome: Outcome,
    ) {
        let instant = Instant::now();
        date::now_at(instant, |now| {
            self.record_at((instant, now), shared, head, peer, outcome);
        });
    }

    /// The same for who knows the time.
    pub(crate) fn record_at(
        &mut self,
        (instant, now): (Instant, &Now),
        shared: &Shared,
        head: Option<&Head<'_>>,
        peer: IpAddr,
        outcome: Outcome,
    ) {
        let counting = (&mut self.uncounted, &mut self.span);
        let fact = self.fact.as_ref();
        count(counting, instant, &shared.traffic, fact, outcome);
        let (Some(fact), false) = (&self.fact, self.recorded) else {
            return;
        };
        self.recorded = true;
        if let Some(head) = head {
            shared.recorder.record_at(now, head, peer, fact, outcome);
        }
    }
}

fn count(
    (uncounted, span): (&mut Option<Uncounted>, &mut Span),
    instant: Instant,
    traffic: &Traffic,
    fact: Option<&Fact<'_>>,
    outcome: Outcome,
) {
    if let Some(Uncounted { begun, opted_out }) = uncounted.take() {
        let mark = Mark::new(fact.filter(|_| !opted_out), outcome);
        traced::answered(span, mark, outcome);
        traffic.answered(Stage::Behind, mark, instant - begun);
    }
}
