//! `weir check`

use super::{ConfigFile, Failed, load};

#[expect(clippy::print_stdout, reason = "the verdict is the command's output")]
pub(crate) fn run(file: &ConfigFile) -> Result<(), Failed> {
    let config = match load(&file.config) {
        // A wrong file is what was asked about, not a wrong question.
        Err(Failed::Config(problems)) => {
            return Err(Failed::Other(anyhow::anyhow!(
                "{} has errors\n\n{problems}",
                file.config.display()
            )));
        }
        other => other?,
    };
    let faults = weir::program::faults_of_named(&config.settings);
    if let Some(first) = faults.into_iter().next() {
        return Err(Failed::Other(first));
    }
    let catalogue = &config.catalogue;
    println!(
        "{} is fine; packages: {}, indexes: {}, pixels: {}, sites: {}",
        file.config.display(),
        catalogue.packages.len(),
        catalogue.indexes.len(),
        catalogue.pixels.len(),
        catalogue.sites.len()
    );
    Ok(())
}
