//! `weir demo`: everything at once, with packages to try it on.

mod indexes;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use weir::demo::history::{self, Ecosystem, Subject, adopters, fleet};
use weir::demo::{Addresses, Registry, crates, docs, files, go, npm, oci, pypi, scripts};
use weir::program::Program;
use weir_config::settings::Settings;
use weir_ingest::engine::{EngineState, Role};
use weir_ingest::geo::{UpdateError, Updater};
use weir_ingest::rollups::note_people;
use weir_ingest::statement;

use super::{Failed, load};

/// How to run the demo.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Folder for the demo's state; delete it to start over.
    #[arg(long, default_value = "weir-demo", value_name = "FOLDER")]
    data_dir: PathBuf,
    /// Port of the gateway.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the dashboard.
    #[arg(long, default_value_t = 8081)]
    dashboard_port: u16,
    /// Port of documentation that carries the demo's pixel, script and badges.
    #[arg(long, default_value_t = 8082)]
    docs_port: u16,
    /// Events of made-up history to write on the first run; 0 for none. From ten million on, of fifty packages.
    #[arg(long, default_value_t = 200_000, value_name = "N")]
    events: u64,
    /// Folders with data about networks, by the names of sources that `weir geo sources` lists.
    #[arg(long, default_values = [".setup/geo", ".setup/systems"], value_name = "FOLDER")]
    geo: Vec<PathBuf>,
}

/// The sample packages by name, with how each is distributed and how popular its history makes it.
const PACKAGES: [(&str, Ecosystem, &str, u32); 3] = [
    ("acme/rocket", Ecosystem::File, "get.demo.localhost", 5),
    (pypi::PROJECT, Ecosystem::Pypi, "pypi.demo.localhost", 3),
    ("acme/server", Ecosystem::Oci, "cr.demo.localhost", 2),
];

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    weir::log::start(weir::log::Format::Auto);
    std::fs::create_dir_all(&arguments.data_dir)
        .with_context(|| format!("cannot create the folder {}", arguments.data_dir.display()))?;
    let beside = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("demo")
        .enable_all()
        .build()?;
    let registry = beside.block_on(start_registry(arguments))?;
    let path = arguments.data_dir.join("weir.toml");
    std::fs::write(&path, configuration(arguments, registry.addresses()))
        .with_context(|| format!("cannot write {}", path.display()))?;
    let config = load(&path)?;
    take_geo(&arguments.geo, &config.settings);
    let program = Program::start(config, Some(path.clone()), None)?;
    if arguments.events > 0 {
        write_history(&program, arguments.events);
    }
    print_commands(arguments, &path);
    program.run_until_signal()?;
    Ok(())
}

async fn start_registry(arguments: &Arguments) -> anyhow::Result<Registry> {
    let registry = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let registry = Registry::start(registry, std::future::pending()).await?;
    let page = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.docs_port))
        .await
        .with_context(|| {
            format!(
                "cannot listen on port {}; choose another with --docs-port",
                arguments.docs_port
            )
        })?;
    tokio::spawn(docs::serve(page, arguments.port));
    Ok(registry)
}

/// The sample configuration, as an operator would write it.
fn configuration(arguments: &Arguments, upstream: &Addresses) -> String {
    let registry = &upstream.registry;
    let gateway = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let page = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.dashboard_port));
    let mut text = format!(
        "# Written by `weir demo` at each start.\n\
         data_dir = \".\"                         # this file's folder\n\
         \n\
         [gateway]\n\
         http = [\"{gateway}\"]\n\
         trusted_proxies = [\"127.0.0.0/8\"]    # so that an X-Forwarded-For can be tried\n\
         private_upstreams = [\"127.0.0.0/8\"]  # the stand-in registry runs on this machine\n\
         \n\
         [dashboards]\n\
         listen = \"{page}\"\n\
         \n\
         [geo]\n\
         local_country = \"CH\"                 # this machine counts as being there\n\
         \n\
         [[package]]\n\
         name = \"acme/rocket\"\n\
         kind = \"file\"\n\
         domains = [\"get.demo.localhost\"]\n\
         public = true                         # badges may say its numbers\n\
         releases = \"{registry}/{owner}/{name}\"    # /releases/latest/FILE and every other version\n\
         path = \"/releases\"\n\
         \x20 [[package.route]]\n\
         \x20 path = \"/rocket/{{version}}/{{os}}-{{arch}}.tar.gz\"\n\
         \x20 to   = \"{registry}/{owner}/{name}/releases/download/v{{version}}/{name}-{{os}}-{{arch}}.tar.gz\"\n\
         \n\
         [[package]]\n\
         name = \"acme/server\"\n\
         kind = \"oci\"\n\
         domains = [\"cr.demo.localhost\"]\n\
         image = \"server\"\n\
         upstream = \"{registry}/{repository}\"\n\
         \n\
         [[package]]\n\
         name = \"acme/vault\"\n\
         kind = \"oci\"\n\
         domains = [\"cr.demo.localhost\"]\n\
         image = \"vault\"\n\
         upstream = \"{registry}/{private}\"\n\
         private = true\n\
         \n\
         [[index]]\n\
         kind = \"pypi\"\n\
         domains = [\"pypi.demo.localhost\"]\n\
         upstream = \"{registry}/simple/\"\n\
         packages = [\"{project}\"]\n\
         \n\
         [[index]]\n\
         kind = \"npm\"\n\
         domains = [\"npm.demo.localhost\"]\n\
         upstream = \"{registry}{npm_root}\"\n\
         packages = [\"{npm_package}\"]\n\
         \n\
         [[index]]\n\
         kind = \"cargo\"\n\
         domains = [\"crates.demo.localhost\"]\n\
         upstream = \"{registry}{crates_root}\"\n\
         packages = [\"{crate_name}\"]\n\
         \n\
         [[package]]\n\
         name = \"acme/rocket\"\n\
         kind = \"script\"\n\
         domains = [\"get.demo.localhost\"]\n\
         \x20 [[package.route]]\n\
         \x20 path = \"/install.sh\"\n\
         \x20 to   = \"{registry}{script}\"\n\
         \n\
         [[package]]\n\
         name = \"acme/rocket\"\n\
         kind = \"event\"\n\
         domains = [\"get.demo.localhost\"]\n\
         \x20 [[package.route]]\n\
         \x20 path = \"/-/e/{{version}}\"\n\
         \n\
         [[pixel]]\n\
         id = \"docs\"\n\
         domains = [\"get.demo.localhost\"]\n\
         package = \"acme/rocket\"\n\
         pages = [\"{docs}\"]\n",
        docs = docs::DOMAIN,
        owner = files::OWNER,
        name = files::NAME,
        repository = oci::REPOSITORY,
        private = oci::PRIVATE_REPOSITORY,
        project = pypi::PROJECT,
        npm_root = npm::ROOT,
        npm_package = npm::PACKAGE,
        crates_root = crates::ROOT,
        crate_name = crates::CRATE,
        script = scripts::PATH,
    );
    text += &indexes::configuration(registry);
    text
}

/// Takes the data that set-up fetched; without it places stay unknown, which keeps no demo from running.
fn take_geo(folders: &[PathBuf], settings: &Settings) {
    let there: Vec<PathBuf> = folders
        .iter()
        .filter(|folder| folder.is_dir())
        .cloned()
        .collect();
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let taken = Updater::new(settings)
        .map_err(UpdateError::from)
        .and_then(|updater| updater.take(&there, None, true, now));
    if let Err(error) = taken {
        let error = format!("{:#}", anyhow::Error::from(error));
        tracing::warn!(error, "data about networks is not taken");
    }
}

/// Writes the history once the engine is up, if this folder has none yet.
fn write_history(program: &Program, events: u64) {
    let access = program.access(Role::Ingest);
    let mut state = program.engine_state();
    program.background().spawn(async move {
        if state
            .wait_for(|state| *state == EngineState::Ready)
            .await
            .is_err()
        {
            return;
        }
        let database = access.database.clone();
        let subjects = PACKAGES.map(|(package, ecosystem, domain, weight)| Subject {
            package,
            ecosystem,
            domain,
            weight,
        });
        let today = u32::try_from(jiff::Timestamp::now().as_second() / 86_400).unwrap_or_default();
        // The tables follow the engine by a moment.
        let count = loop {
            match statement::count(&access, &history::count(&database)).await {
                Ok(count) => break count,
                Err(error) => {
                    tracing::debug!(%error, "the tables are not there yet");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        };
        if count > 0 {
            return;
        }
        let extras = fleet::extras(events);
        let subjects = fleet::subjects(&subjects, &extras);
        let crowd = history::statements(today, &subjects, events, &database);
        let adopters = adopters::statements(today, &subjects, events, &database);
        for sql in crowd.into_iter().chain(adopters) {
            if let Err(error) = statement::run(&access, &sql).await {
                tracing::error!(
                    error = format!("{:#}", anyhow::Error::from(error)),
                    "made-up history could not be written"
                );
                return;
            }
        }
        // Its visitors are long past the days that they are known for.
        if let Err(error) = note_people(&access).await {
            let error = format!("{:#}", anyhow::Error::from(error));
            tracing::warn!(error, "the people of made-up history are counted later");
        }
        tracing::info!(
            events,
            "a year of made-up history is in; every event of it says so"
        );
    });
}

#[expect(
    clippy::print_stdout,
    reason = "commands to try are the command's output"
)]
fn print_commands(arguments: &Arguments, path: &Path) {
    let (port, docs_port) = (arguments.port, arguments.docs_port);
    println!(
        "\nWeir runs with the sample configuration {}. In another shell, try:\n",
        path.display()
    );
    println!("  curl -fLO http://get.demo.localhost:{port}/rocket/1.2.3/linux-amd64.tar.gz");
    // pip trusts plain http from `localhost` alone; other names want a certificate or this flag.
    println!(
        "  pip install --trusted-host pypi.demo.localhost --index-url http://pypi.demo.localhost:{port}/simple/ {}",
        pypi::PROJECT
    );
    println!(
        "  uv pip install --index-url http://pypi.demo.localhost:{port}/simple/ {}",
        pypi::PROJECT
    );
    println!(
        "  npm install --registry http://npm.demo.localhost:{port}/ {}",
        npm::PACKAGE
    );
    println!(
        "  skopeo copy --src-tls-verify=false docker://cr.demo.localhost:{port}/server:1.2.3 oci:server:1.2.3"
    );
    println!(
        "  curl -d '{{\"version\":\"1.2.3\",\"step\":\"start\"}}' http://get.demo.localhost:{port}/-/e/1.2.3"
    );
    println!(
        "  GOPROXY=http://{0}:{port}/go GONOSUMDB=* go mod download {1}@{2}",
        indexes::DOMAIN,
        go::MODULE,
        go::VERSIONS[1]
    );
    println!(
        "  ROCKET_FROM=http://get.demo.localhost:{port}/releases sh -c 'curl -fsS http://get.demo.localhost:{port}/install.sh | sh'"
    );
    println!(
        "  twelve more kinds are at {}:{port}, each below its name; the page has a command for each",
        indexes::DOMAIN
    );
    println!(
        "  open http://{}:{docs_port}/ (documentation with the demo's pixel, script and badges)\n",
        docs::DOMAIN
    );
    println!(
        "and watch http://127.0.0.1:{}. This machine counts as being in Switzerland. Ctrl-C ends it.",
        arguments.dashboard_port
    );
}
