//! Where a module's version is to be had: an address as go-getter reads it (go-getter, "URL Format").

use url::Url;

/// Endings of files that are unpacked (go-getter, "Unarchiving").
const ENDINGS: [&str; 9] = [
    ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst",
];
/// Parameters that are the client's and go no further.
const CLIENTS: [&str; 2] = ["archive", "checksum"];

/// A module's source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// An archive by HTTP.
    Archive {
        url: Url,
        /// What stands in place of it in an address of ours: a file name, and what the client is to
        /// make of the file.
        file: String,
    },
    /// What clients get without asking here, such as a Git repository.
    Elsewhere(String),
}

/// Reads a source as it was told at `asked`.
pub(crate) fn read(written: &str, asked: &Url) -> Lead {
    let relative = ["/", "./", "../"]
        .iter()
        .any(|start| written.starts_with(start));
    let whole = if relative {
        asked.join(written).ok().map(String::from)
    } else {
        None
    };
    let whole = whole.as_deref().unwrap_or(written);
    archive(whole).unwrap_or_else(|| Lead::Elsewhere(whole.to_owned()))
}

fn archive(whole: &str) -> Option<Lead> {
    let (scheme, _) = whole.split_once("://")?;
    if !matches!(scheme, "https" | "http") {
        return None;
    }
    let (address, query) = whole.split_once('?').unwrap_or((whole, ""));
    let (address, folder) = folder(address, scheme.len() + "://".len());
    let mut url = Url::parse(address).ok()?;
    let file = url.path_segments()?.next_back()?.to_owned();
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    let is_clients = |name: &str| CLIENTS.contains(&name);
    let unpacked = pairs.iter().find(|(name, _)| name == "archive");
    let is_archive = match unpacked {
        Some((_, kind)) => !matches!(kind.as_ref(), "false" | "0"),
        None => ENDINGS.iter().any(|ending| file.ends_with(ending)),
    };
    if file.is_empty() || !is_archive {
        return None;
    }
    let theirs: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_clients(pair.split('=').next().unwrap_or_default()))
        .collect();
    url.set_query((!theirs.is_empty()).then(|| theirs.join("&")).as_deref());
    let clients: Vec<_> = query
        .split('&')
        .filter(|pair| is_clients(pair.split('=').next().unwrap_or_default()))
        .collect();
    let mark = if clients.is_empty() { "" } else { "?" };
    let file = format!("{file}{folder}{mark}{}", clients.join("&"));
    Some(Lead::Archive { url, file })
}

/// Parts an address from the folder within the archive, which two slashes are before.
fn folder(address: &str, from: usize) -> (&str, &str) {
    let at = address[from..].find("//").map(|at| from + at);
    address.split_at(at.unwrap_or(address.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lead(written: &str) -> String {
        let asked = "https://up.test/v1/modules/acme/rose/generic/1.0.0/download";
        match read(written, &asked.parse().expect("an address")) {
            Lead::Archive { url, file } => format!("{url} as {file}"),
            Lead::Elsewhere(written) => format!("elsewhere: {written}"),
        }
    }

    #[test]
    fn archives_by_http_come_here_with_what_the_client_makes_of_them() {
        let leads = [
            "https://f.test/rose-1.0.0.tar.gz",
            "https://f.test/rose.zip//modules/north?checksum=md5:aa&token=1",
            "https://f.test/get?id=7&archive=zip",
            "./rose.tgz",
            "/files/rose.tgz//rose-1.0.0?archive=tar.gz",
        ]
        .map(lead);
        insta::assert_snapshot!(leads.join("\n"), @"
        https://f.test/rose-1.0.0.tar.gz as rose-1.0.0.tar.gz
        https://f.test/rose.zip?token=1 as rose.zip//modules/north?checksum=md5:aa
        https://f.test/get?id=7 as get?archive=zip
        https://up.test/v1/modules/acme/rose/generic/1.0.0/rose.tgz as rose.tgz
        https://up.test/files/rose.tgz as rose.tgz//rose-1.0.0?archive=tar.gz
        ");
    }

    #[test]
    fn all_else_is_left_to_the_client() {
        let leads = [
            "git::https://code.test/acme/rose?ref=v1.0.0",
            "code.test/acme/rose//modules/north",
            "s3::https://s3.test/bucket/rose.zip",
            "https://code.test/acme/rose",
            "https://f.test/rose.zip?archive=false",
            "../rose",
            "https://f.test/",
        ]
        .map(lead);
        insta::assert_snapshot!(leads.join("\n"), @"
        elsewhere: git::https://code.test/acme/rose?ref=v1.0.0
        elsewhere: code.test/acme/rose//modules/north
        elsewhere: s3::https://s3.test/bucket/rose.zip
        elsewhere: https://code.test/acme/rose
        elsewhere: https://f.test/rose.zip?archive=false
        elsewhere: https://up.test/v1/modules/acme/rose/generic/rose
        elsewhere: https://f.test/
        ");
    }

    proptest! {
        #[test]
        fn no_source_is_too_strange(written in "(https?://|git::|[./]{0,3})[a-z./?&=%:ü-]{0,40}") {
            let _ = lead(&written);
        }
    }
}
