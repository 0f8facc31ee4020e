//! `weir orgs`: why an organisation was or would be named, and matches that were wrong.

mod explain;
mod stages;
mod wrong;

use clap::Subcommand;

use super::{ConfigFile, Failed};

const EXAMPLES: &str = r#"Why is somebody named, or nobody?   weir orgs explain 198.51.100.7
This was never them:                weir orgs wrong "Acme Lab"
They are called something else:     weir orgs rename acme.example "Acme Research"
As it was stored after all:         weir orgs undo "Acme Lab"
What makes a stage?                 weir orgs stages

Corrections hold for events of the past and of the future, and change no event. What is
known beforehand, such as networks of your own, belongs into the file that [organisations]
overrides names."#;

/// What to do with organisations.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Print step by step what is made of an address or a system. Nothing is stored.
    Explain(explain::Arguments),
    /// Say that events are not this organisation's: they are nobody's from now on, the past ones too.
    Wrong(wrong::Wrong),
    /// Show an organisation under another name, also in the past.
    Rename(wrong::Rename),
    /// Take a correction back.
    Undo(wrong::Which),
    /// List the corrections that hold.
    Corrections,
    /// List the rules about how far an organisation has come, or say which of them holds for some days.
    Stages(stages::Arguments),
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let config = &arguments.file.config;
    match &arguments.what {
        What::Explain(arguments) => explain::run(config, arguments),
        What::Wrong(arguments) => wrong::hide(config, arguments),
        What::Rename(arguments) => wrong::rename(config, arguments),
        What::Undo(which) => wrong::undo(config, which),
        What::Corrections => wrong::list(config),
        What::Stages(arguments) => stages::run(config, arguments),
    }
}
