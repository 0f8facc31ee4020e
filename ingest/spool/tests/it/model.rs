//! Random operations against a model: nothing appended is lost or doubled, nothing changes its token.

use std::collections::{HashMap, VecDeque};

use proptest::{collection::vec, prelude::*};
use weir_spool::{Batch, BatchId};

use crate::support::{TestSpool, append_patiently, small};

#[derive(Clone, Debug)]
enum Step {
    Append { partition: u32, bytes: usize },
    Seal,
    Acknowledge,
    GiveBack,
    Bury,
    BuryRecords,
    Reopen,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => (0_u32..12, 0_usize..1500).prop_map(|(dice, bytes)| Step::Append {
            partition: u32::from(dice == 0),
            bytes,
        }),
        4 => Just(Step::Seal),
        4 => Just(Step::Acknowledge),
        2 => Just(Step::GiveBack),
        1 => Just(Step::Bury),
        1 => Just(Step::BuryRecords),
        2 => Just(Step::Reopen),
        2 => Just(Step::Crash),
    ]
}

/// What a spool must hold after the steps so far.
#[derive(Default)]
struct Model {
    appended: u64,
    /// Appended and not settled, in order.
    pending: VecDeque<(u32, Vec<u8>)>,
    /// How many of them are surely sealed.
    sealed: usize,
    tokens: HashMap<BatchId, String>,
}

impl Model {
    fn record(&mut self, bytes: usize) -> Vec<u8> {
        self.appended += 1;
        let mut record = self.appended.to_le_bytes().to_vec();
        record.resize(8 + bytes, self.appended as u8);
        record
    }

    /// A batch must hold the oldest records, whole, of one partition, under one token for ever.
    fn check(&mut self, batch: &Batch) {
        assert!(batch.count() <= self.pending.len(), "records were doubled");
        for (record, (partition, written)) in batch.records().zip(&self.pending) {
            assert_eq!(batch.partition(), *partition);
            assert_eq!(record, written);
        }
        let token = batch.token();
        let known = self.tokens.entry(batch.id()).or_insert(token.clone());
        assert_eq!(*known, token, "a token changed");
    }

    fn settle(&mut self, records: usize) {
        self.pending.drain(..records);
        self.sealed = self.sealed.saturating_sub(records);
    }

    fn next(&mut self, spool: &TestSpool) -> Option<Batch> {
        let batch = spool.next();
        assert!(
            batch.is_some() || self.sealed == 0,
            "a sealed batch is missing"
        );
        batch.inspect(|batch| self.check(batch))
    }

    fn run(&mut self, spool: &mut TestSpool, step: &Step) {
        match *step {
            Step::Append { partition, bytes } => {
                let record = self.record(bytes);
                append_patiently(spool, partition, &record);
                self.pending.push_back((partition, record));
            }
            Step::Seal => {
                assert!(spool.seal());
                self.sealed = self.pending.len();
            }
            Step::GiveBack => drop(self.next(spool)),
            Step::Acknowledge => self.finish(spool, Batch::acknowledge),
            Step::Bury => self.finish(spool, |batch| batch.bury("refused by the test")),
            Step::BuryRecords => self.finish(spool, |batch| {
                let first: Vec<_> = batch.records().take(1).map(|r| (r, "refused")).collect();
                batch.bury_records(&first)?;
                batch.acknowledge()
            }),
            Step::Reopen => {
                spool.reopen();
                self.sealed = self.pending.len();
            }
            Step::Crash => {
                spool.crash();
                self.sealed = self.pending.len();
            }
        }
    }

    fn finish(
        &mut self,
        spool: &TestSpool,
        how: impl FnOnce(Batch) -> Result<(), weir_spool::SettleError>,
    ) {
        if let Some(batch) = self.next(spool) {
            let records = batch.count();
            how(batch).expect("the disk is fine");
            self.settle(records);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..<_>::default() })]

    #[test]
    fn a_spool_keeps_what_it_was_given(steps in vec(step(), 1..60)) {
        let mut model = Model::default();
        let mut spool = TestSpool::open(small());
        for step in &steps {
            model.run(&mut spool, step);
        }
        prop_assert!(spool.seal());
        while !model.pending.is_empty() {
            model.sealed = model.pending.len();
            model.run(&mut spool, &Step::Acknowledge);
        }
        prop_assert!(spool.next().is_none(), "a batch came that nobody appended");
        prop_assert_eq!(spool.counters().damaged_batches + spool.counters().quarantined, 0);
    }
}
