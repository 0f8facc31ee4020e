//! A file to import: its first letter chooses the format, `a` the first, the rest is the file, as it is or compressed.
//! All that `weir import --dry-run` does is done with it.
#![no_main]

use std::cell::RefCell;
use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};
use weir_config::Settings;
use weir_gateway::Classifier;
use weir_ingest::import::{Bounds, Classify, Format, Importer, Known, Note, Source};

thread_local! {
    static TRIAL: RefCell<(Runtime, Importer)> = RefCell::new(trial());
}

fn trial() -> (Runtime, Importer) {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let classifier = Classifier::new(weir_fuzz::catalogue());
    let classify: Arc<Classify> = Arc::new(move |logged| classifier.classify(logged));
    let importer = Importer::new(&Settings::default(), None, classify);
    (runtime, importer.expect("the system has randomness"))
}

fuzz_target!(|file: &[u8]| {
    let Some((&choice, bytes)) = file.split_first() else {
        return;
    };
    let source = Source {
        format: Format::ALL[usize::from(choice.wrapping_sub(b'a')) % Format::ALL.len()],
        known: Known {
            pixel: None,
            package: None,
            domain: Some("files.test".to_owned()),
            day: 20_371,
        },
        bytes: Box::new(bytes),
        bounds: Bounds::STRANGER,
    };
    let mut refused = 0;
    let mut note = |note: Note| refused += u64::from(matches!(note, Note::Refused { .. }));
    let outcome = TRIAL
        .with_borrow_mut(|(runtime, importer)| runtime.block_on(importer.run(source, &mut note)));
    if let Ok(tally) = outcome {
        let counted = tally.events + tally.totals + tally.known + tally.opted_out + tally.refused;
        assert_eq!(
            (tally.read, tally.refused),
            (counted, refused),
            "every line is accounted for"
        );
    }
});
