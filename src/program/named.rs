//! What the settings name and reading them alone does not prove: files, and what they say together.

use weir_config::settings::Settings;
use weir_dashboards::Stages;
use weir_ingest::organisation::Organisations;
use weir_ingest::{ClientRules, geo};

use super::exports::check_exports;

/// What the program would say at its start of what `settings` name, each with its cause; nothing where all is well.
pub fn faults_of_named(settings: &Settings) -> Vec<anyhow::Error> {
    let organisations = &settings.organisations;
    let checked = [
        check_exports(settings).map_err(anyhow::Error::from),
        ClientRules::load(&settings.clients.rules)
            .map(drop)
            .map_err(anyhow::Error::from),
        geo::Sources::new(&settings.geo)
            .map(drop)
            .map_err(anyhow::Error::from),
        weir_gateway::check_certificates(&settings.certificates).map_err(anyhow::Error::from),
        Organisations::check(organisations).map_err(anyhow::Error::from),
        Stages::open(organisations.stages.as_deref())
            .map(drop)
            .map_err(anyhow::Error::from),
    ];
    checked.into_iter().filter_map(Result::err).collect()
}
