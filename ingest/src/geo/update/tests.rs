mod server;

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use weir_config::settings::{GeoFormat, GeoSource};

use super::*;
use crate::ClientIp;
use crate::enrich::Places;
use crate::geo::unpack::tests::gzip;
use server::{Answer, Server};

/// 20 November 2026.
const NOW: u64 = 1_795_132_800;

const ONE: &str = "203.0.113.0,203.0.113.255,64500,Acme\n";

struct World {
    folder: tempfile::TempDir,
    server: Server,
    settings: Settings,
}

impl World {
    /// A server, and the source `acme` of systems there.
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let server = Server::start().await;
        let mut settings = Settings {
            data_dir: folder.path().to_owned(),
            ..Settings::default()
        };
        settings.geo.own_sources.push(GeoSource {
            name: "acme".into(),
            format: Some(GeoFormat::Systems),
            urls: vec![server.url("/asn.csv")],
            ..GeoSource::default()
        });
        Self {
            folder,
            server,
            settings,
        }
    }

    fn source(&mut self) -> &mut GeoSource {
        &mut self.settings.geo.own_sources[0]
    }

    fn updater(&self) -> Updater {
        // Another test of this process may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let limits = Limits {
            bytes: 1 << 20,
            pause: Duration::from_millis(500),
            whole: Duration::from_secs(20),
        };
        Updater {
            folder: Folder::new(&self.settings.data_dir),
            sources: Arc::new(Sources::new(&self.settings.geo).expect("known sources")),
            fetcher: Fetcher::new(limits),
            npm: "npm".into(),
        }
    }

    async fn update(&self) -> Result<Outcome, UpdateError> {
        let updater = self.updater();
        let source = updater.sources().named("acme").expect("known");
        updater.update(source, false, NOW).await
    }

    /// What went wrong, with everything below it, without what is another in each run.
    async fn failure(&self) -> String {
        let error = self.update().await.expect_err("a failure");
        let mut text = error.to_string();
        let mut below: Option<&dyn std::error::Error> = std::error::Error::source(&error);
        while let Some(error) = below {
            write!(text, " < {error}").expect("a string grows");
            below = error.source();
        }
        text.replace(&self.server.address.to_string(), "HOST")
    }

    fn asn(&self, address: &str) -> u32 {
        let (places, errors) = Places::open(&self.settings, NOW).expect("known sources");
        assert!(errors.is_empty(), "{errors:?}");
        places
            .network(&ClientIp::new(address.parse().expect("an address")))
            .asn
    }

    /// Files that are kept.
    fn kept(&self) -> usize {
        let files = std::fs::read_dir(self.folder.path().join("geo/files"));
        files.map_or(0, Iterator::count)
    }
}

fn installed(records: u64, bytes: u64) -> Outcome {
    Outcome::Installed { records, bytes }
}

#[tokio::test]
async fn a_file_is_fetched_read_and_used() {
    let world = World::new().await;
    world.server.serves("/asn.csv", ONE);
    let outcome = world.update().await.expect("a sound file");
    assert_eq!(outcome, installed(1, ONE.len() as u64));
    assert_eq!(world.asn("203.0.113.77"), 64500);
    let manifest = world.updater().manifest().expect("a table");
    let kept = manifest.of("acme").expect("kept");
    assert_eq!(kept.files[0].sha256, checksum(ONE.as_bytes()));
    assert_eq!((kept.installed, kept.checked), (NOW, NOW));
}

#[tokio::test]
async fn a_server_is_asked_only_for_what_is_new() {
    let world = World::new().await;
    world
        .server
        .says("/asn.csv", Answer::Tagged("\"one\"", ONE.into()));
    assert!(matches!(
        world.update().await,
        Ok(Outcome::Installed { .. })
    ));
    assert!(matches!(world.update().await, Ok(Outcome::Unchanged)));
    let newer = ONE.replace("64500", "64501");
    world
        .server
        .says("/asn.csv", Answer::Tagged("\"two\"", newer.into()));
    assert!(matches!(
        world.update().await,
        Ok(Outcome::Installed { .. })
    ));
    assert_eq!(world.asn("203.0.113.77"), 64501);
    assert_eq!(world.kept(), 1, "what was replaced is removed");
}

#[tokio::test]
async fn the_same_bytes_again_are_no_change() {
    let world = World::new().await;
    world.server.serves("/asn.csv", ONE);
    assert!(matches!(
        world.update().await,
        Ok(Outcome::Installed { .. })
    ));
    assert!(matches!(world.update().await, Ok(Outcome::Unchanged)));
}

#[tokio::test]
async fn packed_files_and_redirects_are_followed() {
    let mut world = World::new().await;
    world.source().urls = vec![world.server.url("/latest/asn.csv.gz")];
    let url = world.server.url("/v7/asn.csv.gz?signed");
    world
        .server
        .says("/latest/asn.csv.gz", Answer::Elsewhere(url));
    world.server.says(
        "/v7/asn.csv.gz?signed",
        Answer::Whole("", gzip(ONE.as_bytes())),
    );
    assert_eq!(
        world.update().await.expect("sound"),
        installed(1, ONE.len() as u64)
    );
}

#[tokio::test]
async fn whatever_goes_wrong_is_told_and_keeps_what_is_in_use() {
    let world = World::new().await;
    world.server.serves("/asn.csv", ONE);
    world.update().await.expect("a sound file");
    let wrong = [
        Answer::Status("404 Not Found"),
        Answer::Status("500 Internal Server Error"),
        Answer::Status("429 Too Many Requests"),
        Answer::Broken(ONE.as_bytes().to_vec()),
        Answer::Stuck,
        Answer::Endless,
        Answer::Elsewhere(world.server.url("/asn.csv")),
        Answer::Whole("", gzip(&vec![b'#'; 4 << 20])),
        Answer::Whole("", gzip(ONE.as_bytes())[..20].to_vec()),
        Answer::Whole("", b"<!doctype html>".to_vec()),
        Answer::Whole("", Vec::new()),
        Answer::Whole("", ONE.repeat(2).replacen("64500", "64501", 1).into()),
    ];
    let mut said = String::new();
    for answer in wrong {
        world.server.says("/asn.csv", answer);
        let failure = world.failure().await;
        writeln!(said, "{failure}").expect("a string grows");
        assert_eq!(world.asn("203.0.113.77"), 64500, "{failure}");
        assert_eq!(world.kept(), 1, "{failure}");
    }
    insta::assert_snapshot!(said, @r"
    cannot fetch http://HOST/asn.csv < the server answers 404 Not Found: give its new address with urls in a [[geo.source]] of this name
    cannot fetch http://HOST/asn.csv < the server answers 500 Internal Server Error
    cannot fetch http://HOST/asn.csv < the server answers 429 Too Many Requests: it was asked too often; wait an hour
    cannot fetch http://HOST/asn.csv < the connection failed or broke off < error decoding response body < request or response body error < request or response body error < error reading a body from connection < end of file before message length reached
    cannot fetch http://HOST/asn.csv < the server takes too long
    cannot fetch http://HOST/asn.csv < it has more than 1 MiB
    cannot fetch http://HOST/asn.csv < the connection failed or broke off < error following redirect < it redirects too often
    asn.csv cannot be unpacked < unpacked it has more than 1 MiB
    asn.csv cannot be unpacked < it is damaged or cut short < incomplete deflate stream
    asn.csv is not sound < line 1 is not a range, the number of its system and a name
    asn.csv is not sound < it (text) holds no autonomous system
    asn.csv is not sound < ranges overlap at 203.0.113.0
    ");
}

#[tokio::test]
async fn much_less_than_there_was_is_refused_unless_it_is_meant() {
    let world = World::new().await;
    let mut many = String::new();
    for third in 0..100 {
        writeln!(many, "198.51.{third}.0,198.51.{third}.255,64500,Acme").expect("a string grows");
    }
    world.server.serves("/asn.csv", &many);
    world.update().await.expect("a sound file");
    world.server.serves("/asn.csv", ONE);
    insta::assert_snapshot!(world.failure().await, @"1 records came where there were 100; if that is meant, use --force");
    assert_eq!(world.asn("198.51.7.1"), 64500);
    let updater = world.updater();
    let source = updater.sources().named("acme").expect("known");
    let forced = updater.update(source, true, NOW).await.expect("meant");
    assert_eq!(forced, installed(1, ONE.len() as u64));
}

#[tokio::test]
async fn a_pinned_file_has_to_be_that_file() {
    let mut world = World::new().await;
    world.source().sha256 = Some(checksum(ONE.as_bytes()));
    world.server.serves("/asn.csv", ONE);
    assert!(world.update().await.is_ok());
    world
        .server
        .serves("/asn.csv", &ONE.replace("Acme", "Evil"));
    insta::assert_snapshot!(world.failure().await, @"asn.csv is not what the settings pin: its SHA-256 is 1c96a6a525fe7d3ab0986fd28575a62b1bf9505afa165079e060bda68125eccc");
}

#[tokio::test]
async fn an_account_is_given_where_there_is_one() {
    let mut world = World::new().await;
    // me:secret
    world
        .server
        .says("/asn.csv", Answer::Account("bWU6c2VjcmV0", ONE.into()));
    insta::assert_snapshot!(world.failure().await, @"cannot fetch http://HOST/asn.csv < the server answers 401 Unauthorized: give an account with credentials_file in a [[geo.source]] of this name");
    world.source().credentials = Some(weir_config::catalogue::Credentials {
        user: "me".into(),
        password: "secret".into(),
    });
    assert!(world.update().await.is_ok());
}

#[tokio::test]
async fn in_the_first_days_of_a_month_the_last_months_file_is_taken() {
    let mut world = World::new().await;
    world.source().urls = vec![world.server.url("/asn-{year}-{month}.csv")];
    world.server.serves("/asn-2026-10.csv", ONE);
    assert!(world.update().await.is_ok());
    assert_eq!(
        world.server.asked(),
        ["/asn-2026-11.csv", "/asn-2026-10.csv"]
    );
}

#[tokio::test]
async fn of_two_files_the_one_that_did_not_change_stays() {
    let mut world = World::new().await;
    world.source().urls = vec![world.server.url("/4.csv"), world.server.url("/6.csv")];
    world
        .server
        .says("/4.csv", Answer::Tagged("\"4\"", ONE.into()));
    let six = "2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,64500,Acme\n";
    world
        .server
        .says("/6.csv", Answer::Tagged("\"6\"", six.into()));
    world.update().await.expect("sound files");
    let newer = six.replace("64500", "64501");
    world
        .server
        .says("/6.csv", Answer::Tagged("\"7\"", newer.into()));
    world.update().await.expect("sound files");
    assert_eq!(world.asn("203.0.113.77"), 64500);
    assert_eq!(world.asn("2001:db8::1"), 64501);
    assert_eq!(world.kept(), 2);
}

#[tokio::test]
async fn packages_come_by_way_of_the_installed_npm_client() {
    let mut world = World::new().await;
    let source = world.source();
    source.urls.clear();
    source.npm = Some("@acme/asn".into());
    source.files = vec!["asn.csv".into()];
    // A client that puts a package where it is told to, as npm does.
    let client = world.folder.path().join("npm");
    let script = format!(
        "#!/bin/sh\nfor word; do before=$folder; folder=$last; last=$word; done\n\
         [ \"$last\" = @acme/asn ] || {{ echo 'npm error 404 no such package' >&2; exit 1; }}\n\
         mkdir package && printf '{ONE}' >package/asn.csv && tar -czf \"$before/acme.tgz\" package\n"
    );
    std::fs::write(&client, script).expect("a file");
    std::fs::set_permissions(&client, PermissionsExt::from_mode(0o755)).expect("our file");
    let updater = Updater {
        npm: client.into(),
        ..world.updater()
    };
    let source = updater.sources().named("acme").expect("known");
    let outcome = updater.update(source, false, NOW).await;
    assert_eq!(outcome.expect("a package"), installed(1, ONE.len() as u64));
    let mut other = source.clone();
    other.npm = Some("@acme/none".into());
    let failure = updater
        .update(&other, false, NOW)
        .await
        .expect_err("no package");
    insta::assert_snapshot!(failure, @"npm could not fetch @acme/none: npm error 404 no such package");
    let nowhere = Updater {
        npm: "/nonexistent/npm".into(),
        ..updater.clone()
    };
    let failure = nowhere
        .update(source, false, NOW)
        .await
        .expect_err("no client");
    insta::assert_snapshot!(failure, @"the npm client cannot be run; install Node, or fetch from an address instead");
}

#[tokio::test]
async fn files_that_somebody_brings_go_where_their_names_speak_of() {
    let world = World::new().await;
    let folder = world.folder.path().join("brought");
    std::fs::create_dir(&folder).expect("a folder");
    std::fs::write(folder.join("asn.csv.gz"), gzip(ONE.as_bytes())).expect("a file");
    std::fs::write(folder.join("torbulkexitlist"), "203.0.113.77\n").expect("a file");
    std::fs::write(folder.join("README"), "nothing of use").expect("a file");
    let updater = world.updater();
    let taken = updater.take(std::slice::from_ref(&folder), None, false, NOW);
    let taken = taken.expect("sound files");
    let names: Vec<_> = taken.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["acme", "tor"]);
    assert_eq!(world.asn("203.0.113.77"), 64500);

    let only = updater.take(std::slice::from_ref(&folder), Some("tor"), false, NOW);
    let only = only.expect("what else lies there is no list of exits");
    let names: Vec<_> = only.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["tor"]);

    let brought = [folder.join("README")];
    let failure = updater
        .take(&brought, None, false, NOW)
        .expect_err("of nothing");
    assert!(matches!(failure, UpdateError::Unrecognised(_)), "{failure}");
    let failure = updater
        .take(&brought, Some("tor"), false, NOW)
        .expect_err("no list");
    insta::assert_snapshot!(failure, @"README is not sound");
    assert!(updater.remove("tor").expect("a folder of ours"));
    assert!(!updater.remove("tor").expect("a folder of ours"));
    assert_eq!(world.kept(), 1);
}

#[tokio::test]
async fn a_source_is_due_when_its_time_has_come() {
    let mut world = World::new().await;
    world.source().refresh_hours = Some(24);
    world.settings.geo.sources = vec!["acme".into(), "ipinfo-lite".into(), "azure".into()];
    world.server.serves("/asn.csv", ONE);
    let due = |updater: &Updater, now| -> Vec<String> {
        let due = updater.due(now).expect("a folder of ours");
        due.iter().map(|source| source.name.clone()).collect()
    };
    // What needs an account that is not given, or is nowhere, is never due.
    assert_eq!(due(&world.updater(), NOW), ["acme"]);
    world.update().await.expect("a sound file");
    assert!(due(&world.updater(), NOW + 23 * 3600).is_empty());
    assert_eq!(due(&world.updater(), NOW + 24 * 3600), ["acme"]);
}

#[tokio::test]
async fn two_at_once_do_not_mix() {
    let world = World::new().await;
    let updater = world.updater();
    let lock = updater.folder.lock().expect("free");
    let failure = updater.remove("acme").expect_err("locked");
    assert!(matches!(failure, FolderError::Locked(_)), "{failure}");
    drop(lock);
    assert!(!updater.remove("acme").expect("free again"));
}

#[tokio::test]
async fn a_table_of_a_newer_program_is_left_alone() {
    let world = World::new().await;
    let geo = world.folder.path().join("geo");
    std::fs::create_dir(&geo).expect("a folder");
    let newer = r#"{"version": 99, "sources": []}"#;
    std::fs::write(geo.join("manifest.json"), newer).expect("a file");
    world.server.serves("/asn.csv", ONE);
    let failure = world.update().await.expect_err("newer");
    assert!(
        matches!(failure, UpdateError::Folder(FolderError::Newer(_))),
        "{failure}"
    );
    let kept = std::fs::read_to_string(geo.join("manifest.json")).expect("a file");
    assert_eq!(kept, newer);
}
