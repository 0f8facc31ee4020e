//! `[[certificate]]` and `[acme]` as written, and what they and the listeners need of each other.

use url::Url;

use super::{Item, Reading, Table, index, secret};
use crate::catalogue::Credentials;
use crate::settings::{Acme, CertificateFiles, Challenge, Settings};
use crate::watch::Seen;

const CHALLENGES: [(&str, Word); 3] = [
    ("http-01", Word::Http),
    ("tls-alpn-01", Word::TlsAlpn),
    ("dns-01", Word::Dns),
];

#[derive(Clone, Copy)]
enum Word {
    Http,
    TlsAlpn,
    Dns,
}

/// Reads all of it, for the listeners of `settings`.
pub(super) fn tls(root: &mut Table<'_>, settings: &mut Settings, reading: &mut Reading) {
    for table in root.tables("certificate", reading) {
        settings.certificates.extend(certificate(table, reading));
    }
    let table = root.section("acme", reading);
    if !table.is_empty() {
        if settings.gateway.https.is_empty() {
            let problem = table.problem("nothing listens for TLS, so nothing needs a certificate");
            reading
                .error(problem.help("add https = [\"[::]:443\"] to [gateway], or leave this out"));
        }
        settings.acme = acme(table, reading);
    } else if settings.certificates.is_empty()
        && let Some(problem) = reading.without_certificate.take()
    {
        reading.error(problem.help(
            "add [[certificate]] with a chain and a key, or [acme] with an authority that makes certificates",
        ));
    }
}

/// Reads one `[[certificate]]`. What is in the files is read where it is used, so that a file that is damaged while
/// Weir runs takes nothing down.
fn certificate(mut table: Table<'_>, reading: &mut Reading) -> Option<CertificateFiles> {
    let chain = table.require("chain", "\"tls/get.acme.example.pem\"", reading);
    let chain = chain.and_then(|item| item.path(reading));
    let key = table.require("key", "\"tls/get.acme.example.key\"", reading);
    let key = key.and_then(|item| item.path(reading));
    table.finish(reading);
    let (chain, key) = (chain?, key?);
    let folder = reading.credentials_directory.as_deref();
    let guarded = folder.is_some_and(|folder| key.parent() == Some(folder));
    reading.files.extend([Seen::now(&chain), Seen::now(&key)]);
    Some(CertificateFiles {
        chain,
        key,
        guarded,
    })
}

/// Reads `[acme]`.
fn acme(mut table: Table<'_>, reading: &mut Reading) -> Option<Acme> {
    let directory = table.require("directory", "\"https://acme.example/directory\"", reading);
    let directory = directory.and_then(|item| self::directory(&item, reading));
    let contact = table.take("contact").and_then(|item| mail(&item, reading));
    terms(&mut table, reading);
    let challenge = challenge(&mut table, reading);
    let names = table.take("names").map(|item| {
        let items = item.list(reading);
        let read = |item: &Item<'_>| name(item, reading);
        items.iter().filter_map(read).collect()
    });
    let root = table.take("root").and_then(|item| item.path(reading));
    let external_account = external_account(&mut table, reading);
    table.finish(reading);
    Some(Acme {
        directory: directory?,
        contact,
        challenge: challenge?,
        names,
        root,
        external_account,
    })
}

fn directory(item: &Item<'_>, reading: &mut Reading) -> Option<Url> {
    const HELP: &str =
        "write the address of the authority's directory, as its documentation gives it";
    let read = |text: &str| match Url::parse(text) {
        Ok(url) if url.scheme() == "https" && url.has_host() => Ok(url),
        Ok(_) => Err("it is no https address".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    item.parse(read, HELP, reading)
}

fn mail(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    const HELP: &str = "write a mail address, such as \"ops@acme.example\"";
    let is_mail = |text: &str| {
        let (name, host) = text.split_once('@').unwrap_or_default();
        !name.is_empty()
            && host.contains('.')
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || ",:?".contains(c))
    };
    let read = |text: &str| {
        is_mail(text)
            .then(|| text.to_owned())
            .ok_or("it is no mail address")
    };
    item.parse(read, HELP, reading)
}

/// An authority's terms are the operator's to agree to, so that no default can do it.
fn terms(table: &mut Table<'_>, reading: &mut Reading) {
    const HELP: &str = "read the terms that its directory names, then set agree_to_terms = true";
    let written = table.require("agree_to_terms", "true", reading);
    let Some(item) = written else { return };
    if item.boolean(reading) == Some(false) {
        let problem = item.problem("the authority makes certificates for those who agree alone");
        reading.error(problem.help(HELP));
    }
}

fn challenge(table: &mut Table<'_>, reading: &mut Reading) -> Option<Challenge> {
    let written = table.take("challenge");
    let word = match &written {
        Some(item) => item.kind(&CHALLENGES, reading)?,
        None => Word::Http,
    };
    let hook = table.take("dns_hook");
    match (word, hook) {
        (Word::Dns, Some(hook)) => command(&hook, reading).map(Challenge::Dns),
        (Word::Dns, None) => {
            let problem = written.map_or_else(
                || table.problem("dns-01"),
                |item| item.problem("dns-01 needs a program that makes the record"),
            );
            reading.error(problem.help("add dns_hook = [\"/etc/weir/dns-hook\"]"));
            None
        }
        (_, Some(hook)) => {
            let problem = hook.problem("this program would never run");
            reading.error(problem.help("set challenge = \"dns-01\", or leave dns_hook out"));
            None
        }
        (Word::Http, None) => Some(Challenge::Http),
        (Word::TlsAlpn, None) => Some(Challenge::TlsAlpn),
    }
}

/// Reads a program and its arguments, which no shell sees.
fn command(item: &Item<'_>, reading: &mut Reading) -> Option<Vec<String>> {
    let items = item.list(reading);
    let words: Vec<_> = items
        .iter()
        .filter_map(|item| item.string(reading))
        .map(str::to_owned)
        .collect();
    match words.first() {
        Some(program) if !program.is_empty() && !words.iter().any(|word| word.contains('\0')) => {
            Some(words)
        }
        _ => {
            let problem = item.problem("this names no program");
            reading.error(problem.help("write the program and its arguments, such as [\"/etc/weir/dns-hook\", \"acme.example\"]"));
            None
        }
    }
}

/// Reads a name for a certificate, which may be one for those who do not want to be counted.
fn name(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    match crate::host::host_name(text) {
        Some(name) if name.starts_with(crate::UNCOUNTED) => Some(name.into_owned()),
        _ => {
            let name = index::domain(item, reading)?;
            let problem = item.problem(format!("nothing is served on {name:?}"));
            reading.named_domains.push((name.clone(), problem));
            Some(name)
        }
    }
}

fn external_account(table: &mut Table<'_>, reading: &mut Reading) -> Option<Credentials> {
    let id = table.take("external_account");
    let file = table.take("external_account_key_file");
    match (id, file) {
        (Some(id), Some(file)) => {
            let user = id.string(reading)?.to_owned();
            let password = secret(&file, reading)?;
            let password = password.trim_end_matches('=').to_owned();
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
            if !password.bytes().all(known) {
                let problem = file.problem("the file does not hold a key");
                reading.error(problem.help("put the key alone into it, in base64url as given"));
                return None;
            }
            Some(Credentials { user, password })
        }
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            let problem = one.problem("an external account is an id and a key");
            reading.error(
                problem.help("set both external_account and external_account_key_file, or neither"),
            );
            None
        }
    }
}
