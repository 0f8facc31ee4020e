//! `weir orgs stages`: the rules about how far an organisation has come, and what they make of some days.

use std::path::Path;

use weir_dashboards::{Activity, Done, StageRules, Stages};

use super::super::{Failed, load};

/// Days ago on which an organisation did something; none of them to print the rules alone.
#[derive(clap::Args)]
#[command(after_help = "\
What do the rules make of somebody who downloads on Mondays?   weir orgs stages --downloads 5,12,19,26
And with a build service beside?                               weir orgs stages --downloads 5 --ci 1,2,3,8,9")]
pub(super) struct Arguments {
    /// Days ago with a download.
    #[arg(long, value_delimiter = ',', value_name = "DAYS")]
    downloads: Vec<u16>,
    /// Days ago with a download by a build service.
    #[arg(long, value_delimiter = ',', value_name = "DAYS")]
    ci: Vec<u16>,
    /// Days ago with a page view.
    #[arg(long, value_delimiter = ',', value_name = "DAYS")]
    views: Vec<u16>,
}

#[expect(clippy::print_stdout, reason = "rules are the command's output")]
pub(super) fn run(config: &Path, arguments: &Arguments) -> Result<(), Failed> {
    let settings = load(config)?.settings;
    let stages = Stages::open(settings.organisations.stages.as_deref())
        .map_err(|error| Failed::Config(error.to_string()))?;
    print!("{}", told(&stages.rules(), arguments));
    Ok(())
}

/// The rules, numbered; and which of them holds for the days.
fn told(rules: &StageRules, arguments: &Arguments) -> String {
    let lines = rules.rules().iter().zip(1..);
    let lines = lines.map(|(rule, at)| format!("{at:2}. {:16} {rule}\n", rule.stage.as_str()));
    let lines: Vec<_> = lines.collect();
    let activity = activity(arguments);
    let outcome = match rules.judge(&activity, 0) {
        _ if activity.days().is_empty() => String::new(),
        Some(reason) => format!(
            "\n{} by rule {}: {reason}\n",
            reason.stage.as_str(),
            reason.rule + 1
        ),
        None => "\nno rule holds\n".to_owned(),
    };
    lines.concat() + &outcome
}

/// Today is day 0.
fn activity(arguments: &Arguments) -> Activity {
    let on = |days: &[u16], done: Done| -> Vec<_> {
        days.iter().map(|ago| (-i32::from(*ago), done)).collect()
    };
    let Arguments {
        downloads,
        ci,
        views,
    } = arguments;
    let none = Done::default();
    let days = [
        on(
            downloads,
            Done {
                downloads: 1,
                ..none
            },
        ),
        on(ci, Done { ci: 1, ..none }),
        on(views, Done { views: 1, ..none }),
    ];
    Activity::new(days.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_listed_and_say_which_of_them_holds() {
        let arguments = |downloads: &[u16], ci: &[u16]| Arguments {
            downloads: downloads.to_vec(),
            ci: ci.to_vec(),
            views: Vec::new(),
        };
        let rules = StageRules::builtin();
        insta::assert_snapshot!(told(&rules, &arguments(&[5, 12, 19], &[])), @r"
         1. inactive         no page views or downloads in the last 60 days
         2. ongoing_use      downloads in at least 8 of the last 12 weeks
         3. ongoing_use      downloads by build services in at least 4 of the last 6 weeks
         4. experimentation  downloads in at least 3 of the last 8 weeks
         5. experimentation  at least 5 downloads in the last 60 days
         6. investigation    at least 1 download in the last 60 days
         7. investigation    at least 10 page views in the last 28 days
         8. interest         at least 1 page view in the last 60 days

        experimentation by rule 4: downloads in 3 of the last 8 weeks
        ");
        let with_ci = told(&rules, &arguments(&[], &[1, 8, 15, 22]));
        assert!(
            with_ci.ends_with(
                "ongoing_use by rule 3: downloads by build services in 4 of the last 6 weeks\n"
            ),
            "{with_ci}"
        );
    }
}
