//! What the engine is told: its limits and who may do what. Pure text.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::folder::{Folder, FolderError, Role};
use super::launch::Program;
use super::readable;

/// Most that a single query may take, as a part of the engine's memory.
const QUERY_SHARE: u64 = 2;

/// Most that an export may take, as a part of the engine's memory: it streams, so it needs little.
const EXPORT_SHARE: u64 = 4;

/// Most that people's own statements may take together, in bytes and as a part of the engine's memory.
const SQL_BYTES: u64 = 1 << 30;
const SQL_SHARE: u64 = 2;

/// Writes `config.xml` and `users.xml` as `program` needs them.
pub(super) fn write(
    folder: &Folder,
    program: &Program,
    database: &str,
    memory_bytes: u64,
) -> Result<(), FolderError> {
    let digest = |role| hex::encode(Sha256::digest(folder.password(role)));
    let digests = [
        digest(Role::Migrate),
        digest(Role::Ingest),
        digest(Role::Dash),
        digest(Role::Export),
        digest(Role::Sql),
    ];
    folder.write_etc(
        "users.xml",
        &users(program, database, memory_bytes, &digests),
    )?;
    folder.write_etc(
        "config.xml",
        &config(folder.path(), folder.port(), memory_bytes),
    )
}

/// Refuses a name that would need quoting in SQL or XML.
pub(super) fn check_database(name: &str) -> Result<(), FolderError> {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    if name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit()) {
        Ok(())
    } else {
        Err(FolderError::Database(name.into()))
    }
}

/// No system logs, small caches: the engine shares the machine with the gateway. Tables are made with what projections
/// need also by a program of a version that knows of none, which can then save and rebuild them.
fn config(folder: &Path, port: u16, memory_bytes: u64) -> String {
    let folder = escaped(&folder.display().to_string());
    let cache = memory_bytes / 16;
    format!(
        "<clickhouse>
  <logger><level>warning</level><console>1</console></logger>
  <path>{folder}/data/</path>
  <tmp_path>{folder}/data/tmp/</tmp_path>
  <user_files_path>{folder}/data/user_files/</user_files_path>
  <users_config>{folder}/etc/users.xml</users_config>
  <listen_host>127.0.0.1</listen_host>
  <http_port>{port}</http_port>
  <max_server_memory_usage>{memory_bytes}</max_server_memory_usage>
  <mark_cache_size>{cache}</mark_cache_size>
  <max_concurrent_queries>64</max_concurrent_queries>
  <keep_alive_timeout>3</keep_alive_timeout>
  <shutdown_wait_unfinished>2</shutdown_wait_unfinished>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <merge_tree><deduplicate_merge_projection_mode>rebuild</deduplicate_merge_projection_mode></merge_tree>
  <send_crash_reports><enabled>false</enabled></send_crash_reports>
</clickhouse>
"
    )
}

fn users(program: &Program, database: &str, memory_bytes: u64, digests: &[String; 5]) -> String {
    let [migrate, ingest, dash, export, sql] = digests;
    let query_bytes = memory_bytes / QUERY_SHARE;
    let export_bytes = memory_bytes / EXPORT_SHARE;
    let sql_bytes = SQL_BYTES.min(memory_bytes / SQL_SHARE);
    let default = default_user(program);
    let migrate = user(
        Role::Migrate,
        migrate,
        "default",
        &[
            &format!("GRANT ALL ON {database}.*"),
            "GRANT TABLE ENGINE ON *",
            "GRANT SELECT ON system.*",
            "GRANT KILL QUERY ON *.*",
        ],
    );
    let ingest = user(
        Role::Ingest,
        ingest,
        "ingest",
        &[&format!("GRANT INSERT, SELECT ON {database}.*")],
    );
    let dash = user(
        Role::Dash,
        dash,
        "dash",
        &[&format!("GRANT SELECT, dictGet ON {database}.*")],
    );
    let export = user(
        Role::Export,
        export,
        "export",
        &[
            &format!("GRANT SELECT ON {database}.*"),
            // Writing through a table function counts as a temporary table.
            "GRANT WRITE ON S3",
            "GRANT CREATE TEMPORARY TABLE ON *.*",
        ],
    );
    let readable = readable::grants(database);
    let readable: Vec<_> = readable.iter().map(String::as_str).collect();
    let sql = user(Role::Sql, sql, "sql", &readable);
    format!(
        "<clickhouse>
  <profiles>
    <default><max_memory_usage>{query_bytes}</max_memory_usage></default>
    <ingest><max_memory_usage>{query_bytes}</max_memory_usage></ingest>
    <dash>
      <readonly>2</readonly>
      <max_execution_time>15</max_execution_time>
      <max_memory_usage>{query_bytes}</max_memory_usage>
      <max_result_rows>100000</max_result_rows>
      <result_overflow_mode>throw</result_overflow_mode>
      <constraints>
        <max_execution_time><max>30</max></max_execution_time>
        <max_memory_usage><max>{query_bytes}</max></max_memory_usage>
        <max_result_rows><max>1000000</max></max_result_rows>
      </constraints>
    </dash>
    <export><max_memory_usage>{export_bytes}</max_memory_usage></export>
    <sql>
      <readonly>1</readonly>
      <max_execution_time>10</max_execution_time>
      <timeout_before_checking_execution_speed>0</timeout_before_checking_execution_speed>
      <max_memory_usage>{sql_bytes}</max_memory_usage>
      <max_memory_usage_for_user>{sql_bytes}</max_memory_usage_for_user>
      <max_temporary_data_on_disk_size_for_user>{sql_bytes}</max_temporary_data_on_disk_size_for_user>
      <max_result_rows>100000</max_result_rows>
      <result_overflow_mode>break</result_overflow_mode>
      <cancel_http_readonly_queries_on_client_close>1</cancel_http_readonly_queries_on_client_close>
      <constraints>
        <result_overflow_mode><changeable_in_readonly/></result_overflow_mode>
      </constraints>
    </sql>
  </profiles>
  <quotas><default/></quotas>
  <users>
{default}{migrate}{ingest}{dash}{export}{sql}  </users>
</clickhouse>
"
    )
}

/// The library's own session logs in as `default` without a password, so that user may do nothing
/// but open the listener and wait. A server needs no such user.
fn default_user(program: &Program) -> String {
    match program {
        Program::Server(_) => String::new(),
        Program::Library(_) => "    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT SELECT ON system.numbers</query>
      </grants>
    </default>
"
        .into(),
    }
}

fn user(role: Role, digest: &str, profile: &str, grants: &[&str]) -> String {
    let name = role.user();
    let grants = grants.join("</query>\n        <query>");
    format!(
        "    <{name}>
      <password_sha256_hex>{digest}</password_sha256_hex>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>{profile}</profile>
      <quota>default</quota>
      <grants>
        <query>{grants}</query>
      </grants>
    </{name}>
"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_has_no_user_without_a_password() {
        let digests = ["m", "i", "d", "e", "s"].map(String::from);
        let server = users(
            &Program::Server("clickhouse".into()),
            "weir",
            1 << 30,
            &digests,
        );
        assert!(!server.contains("<password></password>"));
        assert_eq!(server.matches("<password_sha256_hex>").count(), 5);
    }

    #[test]
    fn a_folder_name_cannot_break_out_of_the_xml() {
        let text = config(Path::new("/srv/a&b</path>"), 20_000, 1 << 30);
        assert!(
            text.contains("<path>/srv/a&amp;b&lt;/path&gt;/data/</path>"),
            "{text}"
        );
    }

    #[test]
    fn a_database_name_is_letters_digits_and_underscores() {
        assert!(check_database("weir_2").is_ok());
        for name in ["", "2weir", "weir.x", "we ir", "weir`", "größe"] {
            assert!(check_database(name).is_err(), "{name}");
        }
    }
}
