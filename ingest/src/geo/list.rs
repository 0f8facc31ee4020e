//! Lists of networks: a line each, or anywhere in the JSON that clouds publish.

use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use super::contents::{Contents, Unsound};
use crate::enrich::Lists;

/// Reads networks and single addresses as members of `lists`. In JSON every text that is a network
/// counts, below the key `within` where one is given.
pub(super) fn read(bytes: &[u8], lists: Lists, within: Option<&str>) -> Result<Contents, Unsound> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unsound::Text)?;
    let mut contents = Contents::default();
    let mut take = |network: IpNet| {
        contents.records += 1;
        contents.lists.add_network(network, lists);
    };
    if text.trim_start().starts_with(['{', '[']) {
        let document: Value = serde_json::from_str(text)?;
        each_text(&document, within, &mut |text| {
            // Names, regions and dates stand beside the networks.
            network(text).into_iter().for_each(&mut take);
        });
    } else {
        for (line, text) in text.lines().zip(1..).map(|(text, line)| (line, text)) {
            let first = text.split([',', ';', ' ', '\t']).next().unwrap_or_default();
            let first = first.trim().trim_matches('"');
            if first.is_empty() || first.starts_with('#') {
                continue;
            }
            let expected = "a network or an address";
            take(network(first).ok_or(Unsound::Line { line, expected })?);
        }
    }
    contents.whole("network")
}

fn each_text(value: &Value, within: Option<&str>, take: &mut impl FnMut(&str)) {
    match (value, within) {
        (Value::Object(fields), Some(key)) => match fields.get(key) {
            Some(value) => each_text(value, None, take),
            None => fields
                .values()
                .for_each(|value| each_text(value, within, take)),
        },
        (Value::Object(fields), None) => {
            fields
                .values()
                .for_each(|value| each_text(value, None, take));
        }
        (Value::Array(values), _) => {
            for value in values {
                each_text(value, within, take);
            }
        }
        (Value::String(text), None) => take(text),
        _ => {}
    }
}

/// A network of which the written address may be any, or an address alone.
fn network(text: &str) -> Option<IpNet> {
    let network: IpNet = match text.parse() {
        Ok(network) => network,
        Err(_) => text.parse::<IpAddr>().ok()?.into(),
    };
    // Nobody's list means everybody.
    (network.prefix_len() > 0).then(|| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::ranges::Ranges;

    fn found(bytes: &[u8], within: Option<&str>) -> Vec<String> {
        let contents = read(bytes, Lists::CLOUD, within).expect("networks");
        let v4 = contents.lists.v4.iter().map(|row| {
            let (first, last) = (row.start.to_be_bytes(), row.end.to_be_bytes());
            format!("{}-{}", IpAddr::from(first), IpAddr::from(last))
        });
        let v6 = contents.lists.v6.iter();
        let v6 = v6.map(|row| IpAddr::from(row.start.to_be_bytes()).to_string());
        v4.chain(v6).collect()
    }

    #[test]
    fn a_line_begins_with_a_network_or_an_address() {
        let text = b"# exits\n203.0.113.7\n198.51.100.0/25,CH,CH-ZH,Zurich,\n\n2001:db8::/45;x\n";
        assert_eq!(
            found(text, None),
            [
                "203.0.113.7-203.0.113.7",
                "198.51.100.0-198.51.100.127",
                "2001:db8::"
            ]
        );
    }

    #[test]
    fn networks_are_found_wherever_a_clouds_json_has_them() {
        let aws = br#"{"syncToken": "1", "createDate": "2026-11-20-01-02-03",
            "prefixes": [{"ip_prefix": "203.0.113.0/24", "region": "eu-central-2"}],
            "ipv6_prefixes": [{"ipv6_prefix": "2001:db8:1::/48"}]}"#;
        assert_eq!(
            found(aws, None),
            ["203.0.113.0-203.0.113.255", "2001:db8:1::"]
        );
        let github = br#"{"web": ["198.51.100.0/24"], "actions": ["203.0.113.0/28"]}"#;
        assert_eq!(found(github, Some("actions")), ["203.0.113.0-203.0.113.15"]);
    }

    #[test]
    fn a_page_of_html_in_the_lists_place_is_refused() {
        let said = |bytes: &[u8]| {
            let read = read(bytes, Lists::TOR, None);
            read.err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert_eq!(
            said(b"<!doctype html>"),
            "line 1 is not a network or an address"
        );
        assert_eq!(
            said(b"{\"message\": \"slow down\"}"),
            "it (text) holds no network"
        );
        assert!(said(b"{\"prefixes\": [").starts_with("it is no JSON"));
        assert_eq!(
            said(b"0.0.0.0/0\n"),
            "line 1 is not a network or an address"
        );
    }

    #[test]
    fn a_neighbour_of_a_listed_address_is_not_listed() {
        let contents = read(b"203.0.113.7\n", Lists::TOR, None).expect("an exit");
        let ranges = Ranges::new(contents.lists).expect("apart");
        assert_eq!(ranges.at([203, 0, 113, 7].into()), Some(Lists::TOR));
        assert_eq!(ranges.at([203, 0, 113, 8].into()), None);
    }
}
