//! Matches of organisations that somebody calls wrong on the page, written down as `weir orgs` does.

use std::sync::Arc;

use weir_dashboards::{Correct, CorrectionFailure, Verdict, WrongMatch};
use weir_ingest::engine::{Engine, Role};
use weir_ingest::organisation::OrganisationType;
use weir_ingest::organisation::corrections::{Action, Correction, Corrections};

/// Writes to wherever `engine` is at the moment.
pub(super) fn by_page(engine: &Arc<Engine>) -> Arc<Correct> {
    let engine = Arc::clone(engine);
    Arc::new(move |wrong: WrongMatch| {
        let corrections = Corrections::connect(&engine.access(Role::Ingest));
        Box::pin(async move {
            for correction in each(wrong) {
                let stored = corrections.put(&correction).await;
                stored.map_err(|error| CorrectionFailure(Box::new(error)))?;
            }
            Ok(())
        })
    })
}

/// A correction for each number, on all of its systems.
fn each(wrong: WrongMatch) -> Vec<Correction> {
    let WrongMatch { ids, verdict, note } = wrong;
    let action = match verdict {
        Verdict::Wrong => Action::Hide,
        Verdict::Undo => Action::Undo,
        Verdict::Rename { name, domain, kind } => {
            let mut types = OrganisationType::ALL.into_iter();
            let kind = types.find(|known| known.as_str() == kind);
            Action::Rename { name, domain, kind }
        }
    };
    let correction = |org_id| Correction {
        org_id,
        asn: 0,
        action: action.clone(),
        note: note.clone(),
    };
    ids.into_iter().map(correction).collect()
}
