//! The settings as written: every section that is not a list of packages.

use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use super::{Item, Reading, Table, index, route, secret, url};
use crate::catalogue::Credentials;
use crate::settings::{ClickHouse, Dashboards, Gateway, Geo, Settings, Spool};
use crate::size;

/// Reads all sections.
pub(super) fn settings(root: &mut Table<'_>, reading: &mut Reading) -> Settings {
    let default = Settings::default();
    let data_dir = root.take("data_dir").and_then(|item| item.path(reading));
    let gateway = gateway(root.section("gateway", reading), default.gateway, reading);
    let dashboards = root.section("dashboards", reading);
    Settings {
        // Beside the file, wherever the program is started from.
        data_dir: data_dir.unwrap_or_else(|| root.folder().join(default.data_dir)),
        dashboards: self::dashboards(dashboards, &default.dashboards, &gateway.http, reading),
        gateway,
        clickhouse: clickhouse(
            root.section("clickhouse", reading),
            default.clickhouse,
            reading,
        ),
        geo: geo(root.section("geo", reading), default.geo, reading),
        spool: spool(root.section("spool", reading), &default.spool, reading),
        exports: Vec::new(),
    }
}

fn gateway(mut table: Table<'_>, default: Gateway, reading: &mut Reading) -> Gateway {
    let http = table.take("http").map(|item| listeners(&item, reading));
    if let Some(item) = table.take("https") {
        refuse_tls(&item, reading);
    }
    let proxies = table
        .take("trusted_proxies")
        .map(|item| networks(&item, reading));
    let threads = table
        .take("threads")
        .and_then(|item| item.integer(1..=1024, reading));
    let timeout = table
        .take("upstream_timeout_s")
        .and_then(|item| item.integer(1..=3600, reading));
    let verify = table
        .take("verify_files")
        .and_then(|item| item.boolean(reading));
    let private = table
        .take("private_upstreams")
        .map(|item| networks(&item, reading));
    let name_servers = table
        .take("name_servers")
        .map(|item| name_servers(&item, reading));
    let always_proxy = table
        .take("always_proxy")
        .map(|item| domains(&item, reading));
    table.finish(reading);
    Gateway {
        http: http.unwrap_or(default.http),
        trusted_proxies: proxies.unwrap_or(default.trusted_proxies),
        threads: threads.map_or(default.threads, |threads| threads as usize),
        upstream_timeout_s: timeout.unwrap_or(default.upstream_timeout_s),
        verify_files: verify.unwrap_or(default.verify_files),
        private_upstreams: private.unwrap_or(default.private_upstreams),
        name_servers: name_servers.unwrap_or(default.name_servers),
        always_proxy: always_proxy.unwrap_or(default.always_proxy),
    }
}

fn listeners(written: &Item<'_>, reading: &mut Reading) -> Vec<SocketAddr> {
    let items = written.list(reading);
    if items.is_empty() && written.value().is_array() {
        let problem = written.problem("the gateway listens nowhere");
        reading.error(problem.help("name an address, such as [\"0.0.0.0:8080\"]"));
    }
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for item in items {
        let Some(address) = address(&item, reading) else {
            continue;
        };
        if let Some(taken) = addresses.iter().find(|taken| collide(**taken, address)) {
            let problem = item.problem(format!("{taken} already takes this address"));
            reading.error(problem.help("leave one out"));
        }
        addresses.push(address);
    }
    addresses
}

fn address(item: &Item<'_>, reading: &mut Reading) -> Option<SocketAddr> {
    const HELP: &str = "write an IP address and a port, such as \"127.0.0.1:8080\", or \"0.0.0.0:8080\" for every interface";
    item.parse(str::parse::<SocketAddr>, HELP, reading)
}

fn refuse_tls(item: &Item<'_>, reading: &mut Reading) {
    if !item.list(reading).is_empty() {
        let problem = item.problem("this version cannot listen for TLS");
        reading.error(problem.help(
            "leave out https, listen on http, and end TLS in a proxy before it that trusted_proxies names",
        ));
    }
}

fn networks(written: &Item<'_>, reading: &mut Reading) -> Vec<IpNet> {
    let items = written.list(reading);
    items
        .iter()
        .filter_map(|item| network(item, reading))
        .collect()
}

fn network(item: &Item<'_>, reading: &mut Reading) -> Option<IpNet> {
    const HELP: &str = "write a network such as \"10.0.0.0/8\", or one address";
    let read = |text: &str| {
        text.parse::<IpNet>()
            .or_else(|error| text.parse::<IpAddr>().map(IpNet::from).map_err(|_| error))
    };
    item.parse(read, HELP, reading)
}

fn name_servers(written: &Item<'_>, reading: &mut Reading) -> Vec<SocketAddr> {
    let items = written.list(reading);
    items
        .iter()
        .filter_map(|item| name_server(item, reading))
        .collect()
}

/// Reads the address of a DNS server; without a port it is 53.
fn name_server(item: &Item<'_>, reading: &mut Reading) -> Option<SocketAddr> {
    const HELP: &str = "write an IP address, such as \"10.0.0.53\", or one with a port, such as \"10.0.0.53:5353\"";
    let read = |text: &str| {
        text.parse::<SocketAddr>()
            .or_else(|error| match text.parse::<IpAddr>() {
                Ok(address) => Ok((address, 53).into()),
                Err(_) => Err(error),
            })
    };
    item.parse(read, HELP, reading)
}

/// Reads domains; whether anything is served on them is seen when all is read.
fn domains(written: &Item<'_>, reading: &mut Reading) -> Vec<String> {
    let mut domains = Vec::new();
    for item in written.list(reading) {
        if let Some(domain) = index::domain(&item, reading) {
            let problem = item.problem(format!("nothing is served on {domain:?}"));
            reading.always_proxy.push((domain.clone(), problem));
            domains.push(domain);
        }
    }
    domains
}

fn dashboards(
    mut table: Table<'_>,
    default: &Dashboards,
    taken: &[SocketAddr],
    reading: &mut Reading,
) -> Dashboards {
    let written = table.take("listen");
    let listen = written
        .as_ref()
        .and_then(|item| address(item, reading))
        .unwrap_or(default.listen);
    if let Some(taken) = taken.iter().find(|taken| collide(**taken, listen)) {
        let message = format!("the gateway already listens on {taken}");
        let problem =
            written.map_or_else(|| table.problem(&message), |item| item.problem(&message));
        reading.error(
            problem.help("give the dashboards a listen of their own, such as \"127.0.0.1:8081\""),
        );
    }
    let import_tokens = table
        .take("import_tokens_file")
        .and_then(|item| route::tokens(&item, reading));
    table.finish(reading);
    Dashboards {
        listen,
        import_tokens,
    }
}

fn collide(one: SocketAddr, other: SocketAddr) -> bool {
    let everywhere = one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && (one.ip() == other.ip() || everywhere)
}

fn clickhouse(mut table: Table<'_>, default: ClickHouse, reading: &mut Reading) -> ClickHouse {
    let url = table
        .take("url")
        .and_then(|item| url::upstream(&item, reading));
    let user = table
        .take("user")
        .and_then(|item| user(&item, reading))
        .unwrap_or(default.user);
    let password = table
        .take("password_file")
        .and_then(|item| secret(&item, reading));
    let database = table
        .take("database")
        .and_then(|item| database(&item, reading));
    let engine = table.take("engine").and_then(|item| item.path(reading));
    let memory = table
        .take("memory")
        .and_then(|item| size(&item, 512 << 20, reading));
    table.finish(reading);
    ClickHouse {
        url,
        password: password.map(|password| Credentials {
            user: user.clone(),
            password,
        }),
        user,
        database: database.unwrap_or(default.database),
        engine,
        memory_bytes: memory.unwrap_or(default.memory_bytes),
    }
}

fn user(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    if !text.is_empty() && !text.chars().any(char::is_control) {
        return Some(text.to_owned());
    }
    reading.error(item.problem("a user's name is not empty and has no control characters"));
    None
}

/// Reads a name that needs no quotes in SQL.
fn database(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts_well = text
        .bytes()
        .next()
        .is_some_and(|byte| !byte.is_ascii_digit());
    if starts_well && text.len() <= 64 && text.bytes().all(known) {
        return Some(text.to_owned());
    }
    let problem = item.problem(format!("{text:?} cannot name a database"));
    reading.error(problem.help("use up to 64 letters, digits and \"_\", not a digit first"));
    None
}

fn geo(mut table: Table<'_>, default: Geo, reading: &mut Reading) -> Geo {
    let country = table.take("country").map(|item| {
        let items = item.list(reading);
        items.iter().filter_map(|item| item.path(reading)).collect()
    });
    let local_country = table
        .take("local_country")
        .and_then(|item| country_code(&item, reading));
    table.finish(reading);
    Geo {
        country: country.unwrap_or(default.country),
        local_country,
    }
}

fn country_code(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(text.to_ascii_uppercase());
    }
    let problem = item.problem(format!("{text:?} is not a country"));
    reading.error(problem.help("write its two letters of ISO 3166-1, such as \"DE\""));
    None
}

fn spool(mut table: Table<'_>, default: &Spool, reading: &mut Reading) -> Spool {
    let quota = table
        .take("quota")
        .and_then(|item| size(&item, 64 << 20, reading));
    table.finish(reading);
    Spool {
        quota_bytes: quota.unwrap_or(default.quota_bytes),
    }
}

/// Reads a size of at least `least` bytes: a text with a unit, or a number of bytes.
fn size(item: &Item<'_>, least: u64, reading: &mut Reading) -> Option<u64> {
    const HELP: &str = "write a whole number and a unit, such as \"2 GiB\" or \"512 MiB\"";
    let bytes = if item.value().is_integer() {
        item.integer(0..=i64::MAX as u64, reading)?
    } else {
        item.parse(|text| size::bytes(text).ok_or("not a size"), HELP, reading)?
    };
    if bytes < least {
        let problem = item.problem(format!(
            "too little: the least that works is {} MiB",
            least >> 20
        ));
        reading.error(problem);
        return None;
    }
    Some(bytes)
}
