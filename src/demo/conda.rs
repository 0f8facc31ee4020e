//! Conda packages: two channels with lists in one piece and in shards. One keeps its packages beside
//! its lists, the other says that they are in storage.

mod package;

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use rmpv::Value;
use serde_json::{Map, json};

use super::Addresses;
use super::answer::{Content, not_found};
use super::seal::{sha256, sha256_hex};
use package::{Package, zstd};

/// The sample package.
pub const PACKAGE: &str = "demo-compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// A package of somebody else's that the sample package needs; it is for every platform.
pub const OTHER_PACKAGE: &str = "tideline-demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the channel begins that keeps its packages beside its lists.
pub const ROOT: &str = "/conda/";
/// Where the channel begins that keeps them in storage (CEP 15).
pub const APART: &str = "/conda-apart/";

const STORAGE: &str = "/conda-files/";
const SUBDIRS: [&str; 4] = ["linux-64", "linux-aarch64", "osx-arm64", "noarch"];

/// Everything the stand-in answers for conda.
pub(super) fn router(addresses: &Addresses) -> Router {
    let mut files = Files::new();
    for subdir in SUBDIRS {
        let packages = packages(subdir);
        let storage = format!("{}{STORAGE}{subdir}/", addresses.storage);
        add_lists(&mut files, ROOT, subdir, &packages, None);
        add_lists(&mut files, APART, subdir, &packages, Some(&storage));
        for package in packages {
            let content = Content::new(package.build(), "application/octet-stream");
            for folder in [ROOT, STORAGE] {
                let path = format!("{folder}{subdir}/{}", package.file_name());
                files.insert(path, content.clone());
            }
        }
    }
    let files = Arc::new(files);
    [ROOT, APART, STORAGE]
        .into_iter()
        .fold(Router::new(), |router, folder| {
            let answer = move |Path(path): Path<String>,
                               State(files): State<Arc<Files>>,
                               headers: HeaderMap| async move {
                answer(&files, &format!("{folder}{path}"), &headers)
            };
            router.route(&format!("{folder}{{*path}}"), get(answer))
        })
        .with_state(files)
}

/// Everything by path.
type Files = HashMap<String, Content>;

fn answer(files: &Files, path: &str, headers: &HeaderMap) -> Response {
    files
        .get(path)
        .map_or_else(not_found, |file| file.answer(headers))
}

fn packages(subdir: &'static str) -> Vec<Package> {
    if subdir == "noarch" {
        return vec![Package {
            name: OTHER_PACKAGE,
            version: OTHER_VERSION,
            subdir,
            depends: &[],
        }];
    }
    let ours = VERSIONS.map(|version| Package {
        name: PACKAGE,
        version,
        subdir,
        depends: &[OTHER_PACKAGE],
    });
    ours.into()
}

/// The lists of one platform: whole, the same compressed, and in shards.
fn add_lists(
    files: &mut Files,
    root: &str,
    subdir: &str,
    packages: &[Package],
    base_url: Option<&str>,
) {
    let mut info = json!({ "subdir": subdir });
    if let Some(base_url) = base_url {
        info = json!({ "base_url": base_url, "subdir": subdir });
    }
    let records = packages
        .iter()
        .map(|package| (package.file_name(), package.record()));
    let records: Map<_, _> = records.collect();
    let list = json!({
        "info": info, "packages": {}, "packages.conda": records, "removed": [],
        "repodata_version": if base_url.is_some() { 2 } else { 1 },
    });
    let list = list.to_string().into_bytes();
    let mut put = |name: &str, bytes: Vec<u8>| {
        let content = Content::new(bytes, "application/octet-stream");
        files.insert(format!("{root}{subdir}/{name}"), content);
    };
    put("repodata.json.zst", zstd(&list));
    put("repodata.json", list);
    let mut shards = Vec::new();
    for package in packages.chunk_by(|one, next| one.name == next.name) {
        let shard = shard(package);
        shards.push((package[0].name.into(), Value::Binary(sha256(&shard).into())));
        put(&format!("shards/{}.msgpack.zst", sha256_hex(&shard)), shard);
    }
    let info = [
        ("subdir", subdir),
        ("base_url", base_url.unwrap_or_default()),
        ("shards_base_url", "./shards/"),
    ];
    let info = info.map(|(key, value)| (key.into(), value.into()));
    let index = Value::Map(vec![
        ("version".into(), 1.into()),
        ("info".into(), Value::Map(info.into())),
        ("shards".into(), Value::Map(shards)),
    ]);
    put("repodata_shards.msgpack.zst", packed(&index));
}

/// All that is known of the packages of one name (CEP 16).
fn shard(packages: &[Package]) -> Vec<u8> {
    let records = packages.iter().map(|package| {
        let record = message(&package.record());
        (package.file_name().into(), record)
    });
    packed(&Value::Map(vec![
        ("packages".into(), Value::Map(Vec::new())),
        ("packages.conda".into(), Value::Map(records.collect())),
        ("removed".into(), Value::Array(Vec::new())),
    ]))
}

/// A record as `MessagePack` has it: sums are bytes, not text.
fn message(record: &serde_json::Value) -> Value {
    match record {
        serde_json::Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| match (key.as_str(), value.as_str()) {
                    ("sha256", Some(sum)) => (
                        key.as_str().into(),
                        Value::Binary(hex::decode(sum).expect("sums are hex")),
                    ),
                    _ => (key.as_str().into(), message(value)),
                });
            Value::Map(entries.collect())
        }
        serde_json::Value::Array(values) => Value::Array(values.iter().map(message).collect()),
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Number(number) => number.as_u64().unwrap_or_default().into(),
        serde_json::Value::Bool(truth) => (*truth).into(),
        serde_json::Value::Null => Value::Nil,
    }
}

fn packed(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).expect("memory takes every write");
    zstd(&bytes)
}
