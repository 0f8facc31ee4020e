//! Rules about stages as somebody wrote them, and those in force.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use super::activity::What;
use super::rules::{Condition, Measure, Rule, StageRules};
use super::stage::Stage;

/// Why a file of rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StageRulesError {
    /// It cannot be read.
    #[error("cannot read {path}: create it, or leave out [organisations] stages")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// What is in it is not what it should be; the text says where and what.
    #[error("{path}: {problem}")]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// With line, column and excerpt.
        problem: String,
    },
}

/// Most rules, and most conditions of one.
const MOST: usize = 50;
/// Most that rules count: ClickHouse counts it for every organisation of a list.
const MOST_TALLIES: usize = 100;
/// Longest window: rollups are kept for about as long.
const MOST_DAYS: u16 = 760;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<WrittenRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    stage: Stage,
    when: Conditions,
}

#[derive(Deserialize)]
#[serde(try_from = "Vec<WrittenCondition>")]
struct Conditions(Vec<Condition>);

impl TryFrom<Vec<WrittenCondition>> for Conditions {
    type Error = String;

    fn try_from(written: Vec<WrittenCondition>) -> Result<Self, String> {
        if !(1..=MOST).contains(&written.len()) {
            return Err(format!("a rule has 1 to {MOST} conditions"));
        }
        let conditions = written.into_iter().map(Condition::try_from);
        Ok(Self(conditions.collect::<Result<_, _>>()?))
    }
}

/// A condition with the words of one measure.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCondition {
    what: String,
    in_weeks: Option<u16>,
    of_weeks: Option<u16>,
    at_least: Option<u32>,
    in_days: Option<u16>,
    none_in_days: Option<u16>,
}

impl TryFrom<WrittenCondition> for Condition {
    type Error = String;

    fn try_from(written: WrittenCondition) -> Result<Self, String> {
        let what = What::from_word(&written.what).ok_or_else(|| {
            format!(
                "{:?} is none of anything, views, downloads, ci",
                written.what
            )
        })?;
        let WrittenCondition {
            in_weeks,
            of_weeks,
            at_least,
            in_days,
            none_in_days,
            ..
        } = written;
        let measure = match (in_weeks, of_weeks, at_least, in_days, none_in_days) {
            (Some(least), Some(of), None, None, None) => Measure::Weeks { least, of },
            (None, None, Some(least), Some(days), None) => Measure::Sum { least, days },
            (None, None, None, None, Some(days)) => Measure::None { days },
            _ => {
                return Err("a condition has in_weeks and of_weeks, or at_least and in_days, or none_in_days".to_owned());
            }
        };
        check(measure)?;
        Ok(Self { what, measure })
    }
}

fn check(measure: Measure) -> Result<(), String> {
    let (least, of, days) = match measure {
        Measure::Weeks { least, of } => (u32::from(least), Some(of), of.saturating_mul(7)),
        Measure::Sum { least, days } => (least, None, days),
        Measure::None { days } => (1, None, days),
    };
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(format!("a window has 1 to {MOST_DAYS} days"));
    }
    if least == 0 || of.is_some_and(|of| least > u32::from(of)) {
        return Err("in_weeks is 1 to of_weeks, and at_least is 1 or more".to_owned());
    }
    Ok(())
}

impl StageRules {
    /// Those that are built in.
    ///
    /// # Panics
    /// Never: the file that is built in is read by a test.
    pub fn builtin() -> Self {
        Self::read(include_str!("stages.toml")).expect("the file that is built in is right")
    }

    /// Reads rules; the error says where and what is wrong.
    pub fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        if !(1..=MOST).contains(&file.rule.len()) {
            return Err(format!("a file has 1 to {MOST} rules"));
        }
        let rules = file.rule.into_iter().map(|rule| Rule {
            stage: rule.stage,
            when: rule.when.0,
        });
        let rules = Self(rules.collect());
        match rules.tallies().len() {
            0..=MOST_TALLIES => Ok(rules),
            more => Err(format!(
                "the conditions look at {more} different windows; {MOST_TALLIES} are possible"
            )),
        }
    }

    fn load(path: &Path) -> Result<Self, StageRulesError> {
        let text = std::fs::read_to_string(path).map_err(|source| StageRulesError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::read(&text).map_err(|problem| StageRulesError::Wrong {
            path: path.to_owned(),
            problem,
        })
    }
}

/// The rules in force: those that are built in, or an operator's file, as it was last read without a mistake.
#[derive(Clone, Debug)]
pub struct Stages {
    file: Option<PathBuf>,
    held: Arc<Mutex<Arc<StageRules>>>,
}

impl Stages {
    /// Reads `file`, where there is one.
    pub fn open(file: Option<&Path>) -> Result<Self, StageRulesError> {
        let rules = file.map_or_else(|| Ok(StageRules::builtin()), StageRules::load)?;
        Ok(Self {
            file: file.map(Path::to_owned),
            held: Arc::new(Mutex::new(Arc::new(rules))),
        })
    }

    /// The operator's file.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Reads the file again; with a mistake in it everything stays as it was.
    pub fn reload(&self) -> Result<(), StageRulesError> {
        if let Some(file) = &self.file {
            let rules = Arc::new(StageRules::load(file)?);
            *self.held.lock().unwrap_or_else(PoisonError::into_inner) = rules;
        }
        Ok(())
    }

    /// The rules as they are now.
    pub fn rules(&self) -> Arc<StageRules> {
        Arc::clone(&self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
