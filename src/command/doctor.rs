//! `weir doctor`

use std::fmt::Write as _;

use weir::doctor::{Finding, Level, examine};

use super::{ConfigFile, Failed, load, runtime};

/// How to print.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// For programs: one JSON document.
    #[arg(long)]
    json: bool,
}

#[expect(clippy::print_stdout, reason = "the list is the command's output")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let path = &arguments.file.config;
    let config = load(path)?;
    let findings = runtime()?.block_on(examine(config, path));
    if arguments.json {
        println!("{:#}", serde_json::json!(findings));
    } else {
        print!("{}", list(&findings));
    }
    let problems = findings
        .iter()
        .filter(|finding| finding.level == Level::Problem);
    match problems.count() {
        0 => Ok(()),
        count => Err(anyhow::anyhow!("problems: {count}").into()),
    }
}

fn list(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let Finding {
            about,
            level,
            says,
            todo,
        } = finding;
        // INVARIANT: a string takes all that is written to it.
        let _ = writeln!(text, "{:<8} {about:<14} {says}", level.as_str());
        if let Some(todo) = todo {
            let _ = writeln!(text, "{:<23} {todo}", "");
        }
    }
    text
}
