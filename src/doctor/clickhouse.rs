//! ClickHouse: whether the server answers, or whether there is an engine to run.

use std::time::Duration;

use tokio::time::timeout;
use weir_config::Settings;
use weir_ingest::engine::{Access, Engine, Program, Role, find_engine};
use weir_ingest::statement::{self, StatementError};

use super::{Finding, whole};
use crate::reach::external;

const ABOUT: &str = "ClickHouse";
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn look(settings: &Settings) -> Vec<Finding> {
    if let Some(engine) = external(settings) {
        return server(&engine.access(Role::Ingest)).await;
    }
    let clickhouse = &settings.clickhouse;
    let found = match find_engine(clickhouse.engine.as_deref(), &settings.data_dir) {
        Ok(Program::Server(path) | Program::Library(path)) => {
            Finding::fine(ABOUT, format!("the engine is {}", path.display()))
        }
        Err(error) => Finding::problem(
            ABOUT,
            whole(&error),
            "until then events wait in the spool and the page has no numbers",
        ),
    };
    let running = match Engine::running(&settings.data_dir, &clickhouse.database) {
        Ok(Some(access)) => Some(answers(&access, "the engine inside").await),
        Ok(None) => None,
        Err(error) => Some(Finding::problem(
            ABOUT,
            whole(&error),
            "run weir doctor as the service's user",
        )),
    };
    [Some(found), running].into_iter().flatten().collect()
}

/// A server of somebody else's, whose tables are its operator's to migrate.
async fn server(access: &Access) -> Vec<Finding> {
    let answers = answers(access, &access.url).await;
    if answers.todo.is_some() {
        return vec![answers];
    }
    let sql = format!("SELECT count() FROM {}.schema_migrations", access.database);
    let tables = match count(access, &sql).await {
        Ok(steps) => Finding::fine(ABOUT, format!("its tables had {steps} migrations")),
        Err(_) => Finding::problem(
            ABOUT,
            format!("its database {} has no tables of Weir's", access.database),
            "run weir migrate",
        ),
    };
    vec![answers, tables]
}

async fn answers(access: &Access, name: &str) -> Finding {
    match count(access, "SELECT toUInt64(1)").await {
        Ok(_) => Finding::fine(ABOUT, format!("{name} answers")),
        Err(says) => Finding::problem(
            ABOUT,
            format!("{name} does not answer: {says}"),
            "see to its address, its user and its log; events wait in the spool until it answers",
        ),
    }
}

async fn count(access: &Access, sql: &str) -> Result<u64, String> {
    match timeout(PATIENCE, statement::count(access, sql)).await {
        Ok(Ok(count)) => Ok(count),
        Ok(Err(error @ StatementError::Failed(_))) => Err(whole(&error)),
        Ok(Err(StatementError::Slow)) | Err(_) => Err("no answer in time".to_owned()),
    }
}
