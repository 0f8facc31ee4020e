//! The operator's program that makes a record in DNS and takes it away again.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// How long it may take, most of which is waiting until the record is seen.
const PATIENCE: Duration = Duration::from_mins(5);
/// Most of what it says that is repeated, in characters.
const SAID: usize = 300;

/// Why the record is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HookError {
    /// It does not start.
    #[error("{program} does not start: {source}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// It does not end.
    #[error("{0} did not end within five minutes")]
    Late(String),
    /// It says that it failed.
    #[error("{program} ended with {status}: {said}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it wrote.
        said: String,
    },
}

/// A record for as long as an authority looks at it.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    pub(crate) command: &'a [String],
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

impl Record<'_> {
    /// Makes it. When the program ends, the record can be seen.
    pub(crate) async fn present(self) -> Result<(), HookError> {
        self.run("present").await
    }

    /// Takes it away.
    pub(crate) async fn clean_up(self) -> Result<(), HookError> {
        self.run("cleanup").await
    }

    async fn run(self, action: &str) -> Result<(), HookError> {
        let [program, arguments @ ..] = self.command else {
            return Ok(());
        };
        let output = Command::new(program)
            .args(arguments)
            .env("WEIR_ACME_ACTION", action)
            .env("WEIR_ACME_DOMAIN", self.name)
            .env("WEIR_ACME_RECORD", format!("_acme-challenge.{}", self.name))
            .env("WEIR_ACME_VALUE", self.value)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = timeout(PATIENCE, output)
            .await
            .map_err(|_| HookError::Late(program.clone()))?
            .map_err(|source| HookError::Start {
                program: program.clone(),
                source,
            })?;
        succeeded(program, &output)
    }
}

fn succeeded(program: &str, output: &Output) -> Result<(), HookError> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().chars().filter(|c| !c.is_control());
    Err(HookError::Failed {
        program: program.to_owned(),
        status: output.status,
        said: said.take(SAID).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(script: &str) -> Result<(), HookError> {
        let command = ["/bin/sh", "-c", script, "sh", "one; two"].map(str::to_owned);
        let record = Record {
            command: &command,
            name: "get.acme.example",
            value: "abc",
        };
        record.present().await
    }

    #[tokio::test]
    async fn it_gets_the_record_and_its_arguments_as_they_are() {
        let script = r#"test "$1" = "one; two" &&
            test "$WEIR_ACME_ACTION $WEIR_ACME_DOMAIN" = "present get.acme.example" &&
            test "$WEIR_ACME_RECORD=$WEIR_ACME_VALUE" = "_acme-challenge.get.acme.example=abc""#;
        assert!(run(script).await.is_ok());
    }

    #[tokio::test]
    async fn what_it_says_when_it_fails_is_told() {
        let error = run("echo no such zone >&2; exit 3").await;
        let error = error.expect_err("it failed").to_string();
        assert_eq!(error, "/bin/sh ended with exit status: 3: no such zone");
        let command = ["/none".to_owned()];
        let record = Record {
            command: &command,
            name: "a",
            value: "b",
        };
        let error = record.present().await.expect_err("nothing is there");
        assert!(error.to_string().starts_with("/none does not start"));
    }
}
