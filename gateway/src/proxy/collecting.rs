//! Bodies that tell of something: each event is recorded as soon as it is read, and before the answer leaves.

use pingora::Result;
use pingora::http::RequestHeader;
use pingora::proxy::Session;
use weir_event::Answer;

use super::{Proxy, peer, read};
use crate::answer::Failure;
use crate::body;
use crate::context::Context;
use crate::ecosystem::collector::Collector;
use crate::fact::Fact;
use crate::head::{Head, Refusal};
use crate::recorder::Outcome;
use crate::send::send;
use crate::taken::{self, Under};

impl Proxy {
    /// Takes what the sender tells.
    pub(super) async fn collect(
        &self,
        session: &mut Session,
        header: &RequestHeader,
        context: &mut Context,
        collector: &Collector,
    ) -> Result<bool> {
        let (Some(base), Ok(head)) = (context.fact.take(), read(header)) else {
            return Ok(false);
        };
        let under = match self.under(&head, &base, collector) {
            Ok(under) => under,
            Err(refusal) => {
                let failure = Failure::Refused(refusal);
                return self.fail(session, header, context, failure).await;
            }
        };
        let peer = peer(session);
        let outcome = Outcome {
            status: collector.status(),
            answer: Answer::Serve,
            bytes: 0,
        };
        let mut number = 0;
        let mut record = |fact: &Fact<'_>| {
            number += 1;
            if under.as_ref().is_none_or(|under| under.is_new(number)) {
                self.shared.recorder.record(&head, peer, fact, outcome);
            }
        };
        let told = base.clone();
        let mut reading = collector.begin(base);
        let take = |piece: &[u8]| reading.piece(piece).iter().for_each(&mut record);
        let arrived = body::pieces(session, collector.bounds(), take).await;
        let (facts, reply) = reading.end(arrived, context.dialect);
        facts.iter().for_each(record);
        if let Err(failure) = arrived {
            self.shared.traffic.failed(failure);
        }
        let outcome = Outcome::of(&reply, Answer::Serve);
        context.count(&self.shared.traffic, Some(&told), outcome);
        if arrived.is_err() {
            // What is left of it would have to be waited for.
            session.set_keepalive(None);
        }
        send(session, context.page.allow(reply)).await?;
        if arrived.is_err() {
            body::discard(session).await;
        }
        Ok(true)
    }

    /// What was taken under the sender's key, if there is one. Nothing is remembered of who asked not to be counted.
    fn under(
        &self,
        head: &Head<'_>,
        base: &Fact<'_>,
        collector: &Collector,
    ) -> Result<Option<Under>, Refusal> {
        let key = head.field("idempotency-key");
        let (Some(key), Collector::Events(_), false) = (key, collector, head.opted_out) else {
            return Ok(None);
        };
        if !taken::is_key(key) {
            return Err(Refusal::Bad("malformed Idempotency-Key"));
        }
        Ok(Some(self.shared.taken.under(
            key,
            &base.package,
            &base.route,
        )))
    }
}
