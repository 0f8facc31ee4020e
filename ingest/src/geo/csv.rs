//! Tables in CSV: ranges with a system or a country each, and what is known of systems.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::category;
use super::contents::{About, Contents, Spot, Unsound, country_code};

/// The quotes of RFC 4180, as far as these files use them: a field may stand in quotes, two quotes in
/// it are one.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::with_capacity(8);
    let (mut field, mut quoted) = (String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(letter),
        }
    }
    fields.push(field);
    fields
}

fn lines(bytes: &[u8]) -> Result<impl Iterator<Item = (usize, &str)>, Unsound> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unsound::Text)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().zip(1..).map(|(line, number)| (number, line));
    Ok(lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')))
}

/// `first,last,asn,name`, ends as addresses or as numbers.
pub(super) fn systems(bytes: &[u8]) -> Result<Contents, Unsound> {
    const EXPECTED: &str = "a range, the number of its system and a name";
    let mut contents = Contents::default();
    for (line, text) in lines(bytes)? {
        let wrong = || Unsound::Line {
            line,
            expected: EXPECTED,
        };
        let (first, last, rest) = ends(text).ok_or_else(wrong)?;
        let (asn, name) = rest.split_once(',').unwrap_or((rest, ""));
        let asn = asn.trim_start_matches("AS").parse().map_err(|_| wrong())?;
        if !contents.systems.add(first, last, asn) {
            return Err(wrong());
        }
        contents.records += 1;
        contents.about.entry(asn).or_insert_with(|| About {
            name: fields(name).swap_remove(0),
            ..About::default()
        });
    }
    contents.whole("autonomous system")
}

/// `first,last,country`, ends as addresses or as numbers. Ranges of no country, `??`, are left out.
pub(super) fn countries(bytes: &[u8]) -> Result<Contents, Unsound> {
    const EXPECTED: &str = "a range and the two letters of its country";
    let mut contents = Contents::default();
    for (line, text) in lines(bytes)? {
        let wrong = || Unsound::Line {
            line,
            expected: EXPECTED,
        };
        let (first, last, code) = ends(text).ok_or_else(wrong)?;
        contents.records += 1;
        let Some(country) = country_code(code.trim_matches('"')) else {
            if code == "??" {
                continue;
            }
            return Err(wrong());
        };
        let region = String::new();
        let spot = contents.spots.number(Spot { country, region });
        if !contents.places.add(first, last, spot) {
            return Err(wrong());
        }
    }
    contents.whole("country")
}

/// The first two fields as ends of a range, and what follows.
fn ends(line: &str) -> Option<(IpAddr, IpAddr, &str)> {
    let (first, rest) = line.split_once(',')?;
    let (last, rest) = rest.split_once(',')?;
    // Numbers do not tell their family: below 2^32 they are IPv4, where no IPv6 is in use.
    let address = |text: &str| match text.parse::<u128>() {
        Ok(number) => Some(u32::try_from(number).map_or_else(
            |_| IpAddr::from(Ipv6Addr::from_bits(number)),
            |number| Ipv4Addr::from_bits(number).into(),
        )),
        Err(_) => text.parse().ok(),
    };
    Some((address(first)?, address(last)?, rest))
}

/// Columns by the names in the first line: `asn` and any of `name`, `org`, `description`, `domain`,
/// `category`, `network_role`, `openasn_flags`.
pub(super) fn about(bytes: &[u8]) -> Result<Contents, Unsound> {
    let mut lines = lines(bytes)?;
    let names = lines
        .next()
        .map(|(_, line)| fields(line))
        .unwrap_or_default();
    let column = |wanted: &[&str]| {
        let of = |wanted: &&str| names.iter().position(|name| name == wanted);
        wanted.iter().find_map(of)
    };
    let asn = column(&["asn"]).ok_or(Unsound::Column("asn"))?;
    let name = column(&["name", "org", "as_org", "description"]);
    let domain = column(&["domain", "as_domain"]);
    let category = column(&["category"]);
    let role = column(&["network_role"]);
    let flags = column(&["openasn_flags"]);
    let mut contents = Contents::default();
    for (line, text) in lines {
        let fields = fields(text);
        let at =
            |column: Option<usize>| column.and_then(|at| fields.get(at)).map_or("", |text| text);
        let asn = at(Some(asn)).trim_start_matches("AS").parse();
        let asn = asn.map_err(|_| Unsound::Line {
            line,
            expected: "about an autonomous system",
        })?;
        let (kind, lists) = category::flagged(at(category), at(role), at(flags));
        contents.records += 1;
        contents.about.insert(
            asn,
            About {
                name: at(name).to_owned(),
                domain: at(domain).to_ascii_lowercase(),
                kind,
                lists,
            },
        );
    }
    contents.whole("autonomous system")
}

impl Contents {
    /// The contents, unless there is nothing in them.
    pub(super) fn whole(self, wanted: &'static str) -> Result<Self, Unsound> {
        if self.is_empty() {
            let kind = "text".to_owned();
            return Err(Unsound::Nothing { kind, wanted });
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::{Lists, NetworkType};
    use crate::geo::ranges::Ranges;

    #[test]
    fn ends_are_read_as_addresses_and_as_numbers() {
        let text = "203.0.113.0,203.0.113.255,64500,\"Acme, \"\"the\"\" Inc.\"\n\
                    3325256704,3325256959,64501,Beta\n\
                    42540766411282592856903984951653826560,42540766411282592875350729025363378175,64500,Acme\n";
        let contents = systems(text.as_bytes()).expect("three ranges");
        assert_eq!(contents.about[&64500].name, "Acme, \"the\" Inc.");
        assert_eq!(contents.records, 3);
        let ranges = Ranges::new(contents.systems).expect("apart");
        let at = |address: &str| ranges.at(address.parse().expect("an address"));
        assert_eq!(at("203.0.113.77"), Some(64500));
        assert_eq!(at("198.51.100.7"), Some(64501));
        assert_eq!(at("2001:db8::7"), Some(64500));
    }

    #[test]
    fn a_line_that_was_cut_short_is_named() {
        let said = |bytes: &[u8]| {
            let read = systems(bytes);
            read.err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        insta::assert_snapshot!(said(b"203.0.113.0,203.0.113.255,64500,Acme\n203.0.114.0,203.0"), @"line 2 is not a range, the number of its system and a name");
        insta::assert_snapshot!(said(b"203.0.113.255,203.0.113.0,64500,Acme\n"), @"line 1 is not a range, the number of its system and a name");
        insta::assert_snapshot!(said(b""), @"it (text) holds no autonomous system");
        insta::assert_snapshot!(said(b"\xff\xfe"), @"it is no text");
    }

    #[test]
    fn ranges_of_no_country_are_left_out() {
        let contents =
            countries(b"# made by hand\n3405803776,3405804031,CH\n3405804032,3405804287,??\n")
                .expect("a country");
        assert_eq!(contents.places.len(), 1);
        assert_eq!(contents.spots.values[0].country, "CH");
        assert!(countries(b"3405803776,3405804031,Switzerland\n").is_err());
    }

    #[test]
    fn columns_are_found_by_name() {
        let contents = about(
            b"asn,org,country,category,network_role,openasn_flags\n\
              64500,Acme Hosting,CH,hosting,stub,bad_asn|vpn_provider\n\
              64501,Beta,DE,education_research,stub,\n",
        )
        .expect("two systems");
        assert_eq!(contents.about[&64500].kind, NetworkType::Hosting);
        assert_eq!(contents.about[&64500].lists, Lists::VPN);
        assert_eq!(contents.about[&64501].kind, NetworkType::Education);
        let plain = about(b"asn,handle,description,country-code\n64500,ACME,Acme Inc.,CH\n");
        assert_eq!(plain.expect("a system").about[&64500].name, "Acme Inc.");
        let wrong = about(b"number,name\n1,a\n")
            .err()
            .map(|error| error.to_string());
        assert_eq!(
            wrong.as_deref(),
            Some("its first line names no column \"asn\"")
        );
    }
}
