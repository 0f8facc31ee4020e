//! Maven and Gradle resolve artifacts through the gateway: a jar is a download, all around it is not.
//!
//! Both bring a Java with them, so their tests wait for `make test-clients`.

mod world;

use std::path::Path;

use weir::demo::maven;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "maven"
domains = ["localhost"]
upstream = "REGISTRY/maven/"
packages = ["example.acme:*"]

[[index]]
kind = "maven"
domains = ["localhost"]
path = "/below/"
upstream = "REGISTRY/maven/"
packages = ["example.acme:*"]
"#;

const WHAT: [&str; 8] = [
    "package",
    "ecosystem",
    "version",
    "artifact",
    "channel",
    "client",
    "audience",
    "answer",
];

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

/// `program` as it is installed.
async fn installed(program: &str) -> Installed {
    let mut version = client(program, Path::new("/"));
    // Maven answers in bold unless it runs for a batch.
    let batch = (program == "mvn").then_some("--batch-mode");
    Installed::asked("Maven", program, version.args(batch).arg("--version")).await
}

/// Resolves `version` of the sample artifact, and what it needs, as an extension of a project's build:
/// the one thing that Maven resolves without a plugin from elsewhere.
async fn mvn(folder: &Path, repository: &str, version: &str) {
    let settings = format!(
        "<settings><mirrors><mirror><id>weir</id><mirrorOf>*</mirrorOf><url>{repository}</url><blocked>false</blocked></mirror></mirrors>\
         <profiles><profile><id>weir</id><pluginRepositories><pluginRepository><id>weir</id><url>{repository}</url>\
         <snapshots><enabled>true</enabled></snapshots></pluginRepository></pluginRepositories></profile></profiles>\
         <activeProfiles><activeProfile>weir</activeProfile></activeProfiles></settings>"
    );
    let (group, artifact) = maven::ARTIFACT.split_once(':').expect("group and artifact");
    let project = format!(
        "<project><modelVersion>4.0.0</modelVersion><groupId>app</groupId><artifactId>app</artifactId><version>1</version>\
         <packaging>pom</packaging><build><extensions><extension><groupId>{group}</groupId><artifactId>{artifact}</artifactId>\
         <version>{version}</version></extension></extensions></build></project>"
    );
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(folder.join("settings.xml"), settings).expect("a file");
    std::fs::write(folder.join("pom.xml"), project).expect("a file");
    has_plexus_utils(&folder.join("got"));
    let mut mvn = client("mvn", folder);
    mvn.args([
        "--batch-mode",
        "--settings",
        "settings.xml",
        "-Dmaven.repo.local=got",
        "validate",
    ]);
    run(&mut mvn).await;
    let other = maven::OTHER_ARTIFACT.replace(['.', ':'], "/");
    assert!(folder.join("got").join(other).exists());
}

/// Maven adds this library to every extension that does not bring it; here it is there already, and empty.
fn has_plexus_utils(local: &Path) {
    let folder = local.join("org/codehaus/plexus/plexus-utils/1.1");
    let model = "<project><modelVersion>4.0.0</modelVersion><groupId>org.codehaus.plexus</groupId>\
                 <artifactId>plexus-utils</artifactId><version>1.1</version></project>";
    let nothing = [&b"PK\x05\x06"[..], &[0; 18]].concat();
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("plexus-utils-1.1.pom"), model).expect("a file");
    std::fs::write(folder.join("plexus-utils-1.1.jar"), nothing).expect("a file");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn maven_downloads_a_jar_once() {
    let world = World::start(CONFIG).await;
    let repository = world.url("localhost", "/");
    mvn(
        &world.folder.path().join("app"),
        &repository,
        maven::VERSIONS[1],
    )
    .await;
    let downloads = world
        .counts(
            &installed("mvn").await,
            "a jar",
            &["example.acme:compass 2.1.0"],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"example.acme:compass | maven | 2.1.0 | compass-2.1.0.jar | stable | maven | people | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn a_snapshot_is_counted_under_its_own_name() {
    let world = World::start(CONFIG).await;
    let repository = world.url("localhost", "/below/");
    mvn(
        &world.folder.path().join("app"),
        &repository,
        maven::SNAPSHOT.0,
    )
    .await;
    let snapshot = "example.acme:compass 2.2.0-SNAPSHOT";
    let downloads = world
        .counts(
            &installed("mvn").await,
            "a snapshot, a repository below a path",
            &[snapshot],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"example.acme:compass | maven | 2.2.0-SNAPSHOT | compass-2.2.0-20260701.120000-1.jar | nightly | maven | people | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn gradle_downloads_the_newest_jar_and_the_one_for_its_platform() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    let repository = world.url("localhost", "/");
    let build = format!(
        "configurations {{ got }}\nrepositories {{ maven {{ url '{repository}' }} }}\n\
         dependencies {{ got '{0}:2.+'; got '{0}:2.+:linux-x86_64' }}\n\
         task fetch {{ doLast {{ println configurations.got.files*.name.sort() }} }}\n",
        maven::ARTIFACT
    );
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("build.gradle"), build).expect("a file");
    let mut gradle = client("gradle", &folder);
    gradle.args([
        "--no-daemon",
        "--quiet",
        "--gradle-user-home",
        "home",
        "fetch",
    ]);
    let said = run(&mut gradle).await;
    assert!(
        said.contains("[compass-2.1.0-linux-x86_64.jar, compass-2.1.0.jar, demo-0.3.0.jar]"),
        "{said}"
    );
    let jar = "example.acme:compass 2.1.0";
    let mut downloads = world
        .counts(
            &installed("gradle").await,
            "the newest jar and the one for its platform",
            &[jar, jar],
        )
        .await;
    downloads.sort_by_key(|event| event["artifact"].to_string());
    insta::assert_snapshot!(lines(&downloads), @r"
    example.acme:compass | maven | 2.1.0 | compass-2.1.0-linux-x86_64.jar | stable | gradle | people | redirect
    example.acme:compass | maven | 2.1.0 | compass-2.1.0.jar | stable | gradle | people | redirect
    ");
}

#[tokio::test]
async fn a_jar_for_a_platform_says_which() {
    let world = World::start(CONFIG).await;
    let jar = "/example/acme/compass/2.1.0/compass-2.1.0-linux-x86_64.jar";
    assert_eq!(world.get("localhost", jar).await.status(), 302);
    let downloads = world.downloads(1).await;
    insta::assert_snapshot!(columns(&downloads[0], &["package", "version", "os", "arch", "props"]), @r#"example.acme:compass | 2.1.0 | linux | amd64 | {"classifier":"linux-x86_64"}"#);
}

#[tokio::test]
async fn models_sums_lists_and_sources_are_no_downloads() {
    let world = World::start(CONFIG).await;
    let folder = "/example/acme/compass";
    let files = [
        "maven-metadata.xml",
        "maven-metadata.xml.sha1",
        "2.1.0/compass-2.1.0.pom",
        "2.1.0/compass-2.1.0.jar.sha1",
        "2.1.0/compass-2.1.0.jar.md5",
        "2.1.0/compass-2.1.0-sources.jar",
    ];
    for file in files {
        let answer = world.get("localhost", &format!("{folder}/{file}")).await;
        assert_eq!(answer.status(), 302, "{file}");
    }
    let all = world.wait_for(|events| events.len() == files.len()).await;
    assert_eq!(of_kind(&all, "metadata").len(), files.len(), "{all:#?}");
}

#[tokio::test]
async fn a_head_of_a_jar_tells_its_size_and_is_a_check() {
    let world = World::start(CONFIG).await;
    let jar = "/example/acme/compass/2.1.0/compass-2.1.0.jar";
    let answer = world.request("HEAD", "localhost", jar).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_ne!(answer.headers()["content-length"], "0");
    let all = world.wait_for(|events| !events.is_empty()).await;
    assert_eq!(all[0]["kind"], "check");
}

#[tokio::test]
async fn artifacts_of_others_are_sent_on_uncounted() {
    let world = World::start(CONFIG).await;
    for path in [
        "/example/tideline/demo/0.3.0/demo-0.3.0.jar",
        "/archetype-catalog.xml",
    ] {
        let answer = world.get("localhost", path).await;
        let location = format!("{}/maven{path}", world.registry.addresses().registry);
        assert_eq!(answer.headers()["location"], location);
    }
    assert!(world.downloads(0).await.is_empty());
}
