//! The statement by which ClickHouse writes to a bucket itself: rows do not pass through here.
//!
//! An object appears when its last part has arrived, so there is no half of one; and it replaces
//! what has its name, so a period that is done again is still there once.

use super::job::Bucket;
use crate::query::{Format, Param, Sql};

/// Wraps `rows` so that they go to the object `name`. Address and key travel as parameters, so that
/// no log of statements has them.
pub(super) fn put(bucket: &Bucket, name: &str, rows: Sql, format: Format) -> Sql {
    let Sql { text, mut params } = rows;
    let url = format!("{}/{name}", bucket.url.trim_end_matches('/'));
    let given = [
        ("bucket_url", url),
        ("bucket_key", bucket.access_key.clone()),
        ("bucket_secret", bucket.secret.clone()),
    ];
    params.extend(given.map(|(name, text)| (name.to_owned(), Param::Text(text))));
    let format = format.sql();
    let text = format!(
        "INSERT INTO FUNCTION s3({{bucket_url:String}}, {{bucket_key:String}}, {{bucket_secret:String}}, '{format}')\n\
         {text}, s3_truncate_on_insert = 1"
    );
    Sql { text, params }
}
