//! The settings as written: every section that is not a list of packages.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;

use super::{
    Item, Reading, Table, event, geo, index, oidc, operator, organisations, privacy, secret, url,
};
use crate::catalogue::Credentials;
use crate::settings::{
    Accounts, ClickHouse, Clients, Dashboards, ForwardedHeader, Gateway, Retention, Settings, Spool,
};
use crate::size;

const FORWARDED_HEADERS: [(&str, ForwardedHeader); 2] = [
    ("X-Forwarded-For", ForwardedHeader::XForwardedFor),
    ("Forwarded", ForwardedHeader::Forwarded),
];

/// Reads all sections.
pub(super) fn settings(root: &mut Table<'_>, reading: &mut Reading) -> Settings {
    let default = Settings::default();
    let data_dir = root.take("data_dir").and_then(|item| item.path(reading));
    let gateway = gateway(root.section("gateway", reading), default.gateway, reading);
    let dashboards = root.section("dashboards", reading);
    let dashboards = self::dashboards(dashboards, &default.dashboards, &gateway, reading);
    let operating = root.section("operator", reading);
    Settings {
        // Beside the file, wherever the program is started from.
        data_dir: data_dir.unwrap_or_else(|| root.folder().join(default.data_dir)),
        operator: operator::operator(operating, dashboards.listen, &gateway, reading),
        dashboards,
        gateway,
        accounts: accounts(root.section("accounts", reading), default.accounts, reading),
        clickhouse: clickhouse(
            root.section("clickhouse", reading),
            default.clickhouse,
            reading,
        ),
        geo: geo::geo(root.section("geo", reading), default.geo, reading),
        organisations: organisations::organisations(
            root.section("organisations", reading),
            default.organisations,
            reading,
        ),
        clients: clients(root.section("clients", reading), reading),
        spool: spool(root.section("spool", reading), &default.spool, reading),
        privacy: privacy::privacy(root.section("privacy", reading), default.privacy, reading),
        exports: Vec::new(),
        certificates: Vec::new(),
        acme: None,
        retention: retention(
            root.section("retention", reading),
            default.retention,
            reading,
        ),
    }
}

fn gateway(mut table: Table<'_>, default: Gateway, reading: &mut Reading) -> Gateway {
    let written = table.take("http");
    let http = written.as_ref().map(|item| listeners(item, &[], reading));
    let http = http.unwrap_or(default.http);
    let secure = table.take("https");
    let https = secure.as_ref().map(|item| listeners(item, &http, reading));
    let https = https.unwrap_or(default.https);
    let none = |item: &&Item<'_>| item.value().as_array().is_some_and(|list| list.is_empty());
    if let (Some(item), true) = (written.as_ref().filter(none), https.is_empty()) {
        let problem = item.problem("the gateway listens nowhere");
        reading.error(problem.help("name an address, such as [\"0.0.0.0:8080\"]"));
    }
    if let (Some(item), false) = (&secure, https.is_empty()) {
        reading.without_certificate = Some(item.problem("there is no certificate to show here"));
    }
    let to_https = table.take("https_redirect");
    let https_redirect = to_https.as_ref().map(|item| domains(item, reading));
    let hsts_days = table
        .take("hsts_days")
        .and_then(|item| item.integer(0..=3660, reading));
    let proxies = table
        .take("trusted_proxies")
        .map(|item| networks(&item, reading));
    let leads_nowhere = https.is_empty() && proxies.as_ref().is_none_or(Vec::is_empty);
    if let (Some(item), true) = (&to_https, leads_nowhere) {
        let problem = item.problem("nothing here speaks https");
        reading.error(problem.help(
            "add https = [\"[::]:443\"], or name in trusted_proxies who ends TLS before Weir",
        ));
    }
    let forwarded_header = table
        .take("forwarded_header")
        .and_then(|item| item.kind(&FORWARDED_HEADERS, reading));
    let proxy_protocol = table
        .take("proxy_protocol")
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
    let telemetry = table
        .take("telemetry_per_minute")
        .and_then(|item| item.integer(0..=1_000_000, reading));
    table.finish(reading);
    Gateway {
        http,
        https,
        https_redirect: https_redirect.unwrap_or(default.https_redirect),
        hsts_days: hsts_days.map_or(default.hsts_days, |days| days as u32),
        trusted_proxies: proxies.unwrap_or(default.trusted_proxies),
        forwarded_header: forwarded_header.unwrap_or(default.forwarded_header),
        proxy_protocol: proxy_protocol.unwrap_or(default.proxy_protocol),
        threads: threads.map_or(default.threads, |threads| threads as usize),
        upstream_timeout_s: timeout.unwrap_or(default.upstream_timeout_s),
        verify_files: verify.unwrap_or(default.verify_files),
        private_upstreams: private.unwrap_or(default.private_upstreams),
        name_servers: name_servers.unwrap_or(default.name_servers),
        always_proxy: always_proxy.unwrap_or(default.always_proxy),
        telemetry_per_minute: telemetry.map_or(default.telemetry_per_minute, |most| most as u32),
    }
}

/// Reads addresses, none of which may be among `others`.
fn listeners(written: &Item<'_>, others: &[SocketAddr], reading: &mut Reading) -> Vec<SocketAddr> {
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for item in written.list(reading) {
        let Some(address) = address(&item, reading) else {
            continue;
        };
        let mut taken = others.iter().chain(&addresses);
        if let Some(taken) = taken.find(|taken| collide(**taken, address)) {
            let problem = item.problem(format!("{taken} already takes this address"));
            reading.error(problem.help("leave one out"));
        }
        addresses.push(address);
    }
    addresses
}

pub(super) fn address(item: &Item<'_>, reading: &mut Reading) -> Option<SocketAddr> {
    const HELP: &str = "write an IP address and a port, such as \"127.0.0.1:8080\", or \"0.0.0.0:8080\" for every interface";
    item.parse(str::parse::<SocketAddr>, HELP, reading)
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

pub(super) fn name_servers(written: &Item<'_>, reading: &mut Reading) -> Vec<SocketAddr> {
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
            reading.named_domains.push((domain.clone(), problem));
            domains.push(domain);
        }
    }
    domains
}

fn dashboards(
    mut table: Table<'_>,
    default: &Dashboards,
    gateway: &Gateway,
    reading: &mut Reading,
) -> Dashboards {
    let written = table.take("listen");
    let listen = written
        .as_ref()
        .and_then(|item| address(item, reading))
        .unwrap_or(default.listen);
    let mut taken = gateway.http.iter().chain(&gateway.https);
    if let Some(taken) = taken.find(|taken| collide(**taken, listen)) {
        let message = format!("the gateway already listens on {taken}");
        let problem =
            written.map_or_else(|| table.problem(&message), |item| item.problem(&message));
        reading.error(
            problem.help("give the dashboards a listen of their own, such as \"127.0.0.1:8081\""),
        );
    }
    let import_tokens = table
        .take("import_tokens_file")
        .and_then(|item| event::tokens(&item, reading));
    let public_url = table
        .take("public_url")
        .and_then(|item| oidc::public_url(&item, reading));
    let provider = table
        .take("oidc")
        .and_then(|item| item.table(reading))
        .and_then(|table| oidc::oidc(table, public_url.as_ref(), reading));
    table.finish(reading);
    Dashboards {
        listen,
        import_tokens,
        public_url,
        oidc: provider,
    }
}

fn accounts(mut table: Table<'_>, default: Accounts, reading: &mut Reading) -> Accounts {
    let mut postgres = table
        .take("postgres")
        .and_then(|item| postgres(&item, reading));
    let written = table.take("password_file");
    let password = written.as_ref().and_then(|item| secret(item, reading));
    match (&mut postgres, password) {
        (Some(address), Some(password)) => {
            address
                .set_password(Some(&password))
                .expect("an address with a host takes a password");
        }
        (None, Some(_)) => {
            if let Some(item) = written {
                let problem = item.problem("this is the password of no database");
                reading.error(problem.help("name the database with postgres, or leave this out"));
            }
        }
        (_, None) => {}
    }
    let audit_days = table
        .take("audit_days")
        .and_then(|item| item.integer(1..=3660, reading));
    table.finish(reading);
    Accounts {
        postgres: postgres.or(default.postgres),
        audit_days: audit_days.map_or(default.audit_days, |days| days as u32),
    }
}

/// Reads PostgreSQL's address, which holds no password: that is for a file.
fn postgres(item: &Item<'_>, reading: &mut Reading) -> Option<::url::Url> {
    const HELP: &str =
        "write an address such as \"postgresql://weir@db.acme.example/weir?sslmode=verify-full\"";
    let read = |text: &str| {
        let address = ::url::Url::parse(text).map_err(|error| error.to_string())?;
        let known = matches!(address.scheme(), "postgres" | "postgresql");
        if !known || address.host_str().is_none_or(str::is_empty) {
            return Err("it is no address of PostgreSQL".to_owned());
        }
        if address.password().is_some() {
            return Err("it holds a password, which belongs into a password_file".to_owned());
        }
        Ok(address)
    };
    item.parse(read, HELP, reading)
}

pub(super) fn collide(one: SocketAddr, other: SocketAddr) -> bool {
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
    let cluster = table
        .take("cluster")
        .and_then(|item| cluster(&item, url.is_some(), reading));
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
        cluster,
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

/// Reads the name of a cluster; only servers have one.
fn cluster(item: &Item<'_>, has_url: bool, reading: &mut Reading) -> Option<String> {
    if !has_url {
        let problem = item.problem("the engine inside is no cluster");
        reading
            .error(problem.help("set url to one of the cluster's servers, or leave cluster out"));
        return None;
    }
    let text = item.string(reading)?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if !text.is_empty() && text.len() <= 64 && text.bytes().all(known) {
        return Some(text.to_owned());
    }
    let problem = item.problem(format!("{text:?} cannot name a cluster"));
    reading.error(problem.help(
        "use up to 64 letters, digits, \"_\", \"-\" and \".\", as in the servers' remote_servers",
    ));
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

pub(super) fn country_code(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Some(text.to_ascii_uppercase());
    }
    let problem = item.problem(format!("{text:?} is not a country"));
    reading.error(problem.help("write its two letters of ISO 3166-1, such as \"DE\""));
    None
}

fn clients(mut table: Table<'_>, reading: &mut Reading) -> Clients {
    let rules = table.take("rules").map(|item| paths(&item, reading));
    table.finish(reading);
    Clients {
        rules: rules.unwrap_or_default(),
    }
}

pub(super) fn paths(written: &Item<'_>, reading: &mut Reading) -> Vec<PathBuf> {
    let items = written.list(reading);
    items.iter().filter_map(|item| item.path(reading)).collect()
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

fn retention(mut table: Table<'_>, default: Retention, reading: &mut Reading) -> Retention {
    // Visitors are known for two days, so less would lose people before they are counted. Twenty years
    // from now must be a time that ClickHouse's 32 bits can hold, or rows would go at once.
    let raw = table
        .take("raw_days")
        .and_then(|item| item.integer(3..=7_300, reading));
    let rollups = table
        .take("rollup_months")
        .and_then(|item| item.integer(1..=240, reading));
    table.finish(reading);
    Retention {
        raw_days: raw.map_or(default.raw_days, |days| days as u16),
        rollup_months: rollups.map_or(default.rollup_months, |months| months as u16),
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
