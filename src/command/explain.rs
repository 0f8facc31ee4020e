//! `weir explain URL`

use std::sync::Arc;

use super::{ConfigFile, Failed, load};

/// What to explain.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// The address that a client would ask for.
    url: String,
    /// The request's method.
    #[arg(long, short = 'X', default_value = "GET")]
    method: String,
}

#[expect(
    clippy::print_stdout,
    reason = "the explanation is the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let config = load(&arguments.file.config)?;
    let explanation = weir_gateway::explain(
        Arc::new(config.catalogue),
        &arguments.method,
        &arguments.url,
    )
    .map_err(|error| Failed::Asked(error.to_string()))?;
    println!("answer   {}", explanation.answer);
    match explanation.event {
        None => println!("event    none: this is not ours to count, or is counted by what follows"),
        Some(columns) => {
            for (number, (name, value)) in columns.iter().enumerate() {
                let label = if number == 0 { "event" } else { "" };
                println!("{label:8} {name:9} {value}");
            }
        }
    }
    Ok(())
}
