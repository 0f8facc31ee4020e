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
    weir::program::check_exports(&config.settings)?;
    let catalogue = &config.catalogue;
    println!(
        "{} is fine; packages: {}, indexes: {}, pixels: {}",
        file.config.display(),
        catalogue.packages.len(),
        catalogue.indexes.len(),
        catalogue.pixels.len()
    );
    Ok(())
}
