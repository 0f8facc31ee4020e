//! Files of the first development versions, which had one owner and no numbered migrations: the owner moves over.

use sqlx::{AnyPool, Executor as _};

const IS_ONE: &str = "SELECT count(*) FROM sqlite_master
    WHERE name = 'users' AND sql NOT LIKE '%name_key%'";

/// Both in one transaction, so that a process that dies in between leaves the file as it was.
const ASIDE: &str = "BEGIN IMMEDIATE;
    DROP TABLE sessions; DROP INDEX one_owner; ALTER TABLE users RENAME TO users_before;
    COMMIT";

const IS_ASIDE: &str = "SELECT count(*) FROM sqlite_master WHERE name = 'users_before'";

const OVER: &str = "BEGIN IMMEDIATE;
    INSERT INTO users (id, name, name_key, role, packages, password, totp_secret, totp_step, created_at)
    SELECT lower(hex(randomblob(12))), name, lower(name), role, 'null', password, '', 0, created_at FROM users_before;
    DROP TABLE users_before;
    COMMIT";

/// Puts old tables aside, before the new ones are made. Sessions end.
pub(super) async fn put_aside(pool: &AnyPool) -> Result<(), sqlx::Error> {
    if exists(pool, IS_ONE).await? {
        pool.execute(ASIDE).await?;
    }
    Ok(())
}

/// Takes the owner over into the new tables.
pub(super) async fn take_over(pool: &AnyPool) -> Result<(), sqlx::Error> {
    if exists(pool, IS_ASIDE).await? {
        pool.execute(OVER).await?;
    }
    Ok(())
}

async fn exists(pool: &AnyPool, sql: &'static str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(sql).fetch_one(pool).await?;
    Ok(count != 0)
}
