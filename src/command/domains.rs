//! `weir domains`

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use weir_gateway::{Certificate, Domain, Owner};

use super::{ConfigFile, Failed, load, runtime};

/// How to print.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// For programs: one JSON document.
    #[arg(long)]
    json: bool,
}

#[expect(clippy::print_stdout, reason = "the list is the command's output")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let config = load(&arguments.file.config)?;
    let catalogue = Arc::new(config.catalogue);
    let domains = runtime()?.block_on(weir_gateway::domains(&config.settings, catalogue));
    if arguments.json {
        println!("{:#}", serde_json::json!(domains));
    } else {
        print!("{}", list(&domains, Timestamp::now()));
    }
    let unready = domains.iter().filter(|domain| !domain.missing.is_empty());
    match unready.count() {
        0 => Ok(()),
        count => Err(anyhow::anyhow!("not ready: {count} of {} domains", domains.len()).into()),
    }
}

fn list(domains: &[Domain], now: Timestamp) -> String {
    let mut text = String::new();
    for domain in domains {
        let addresses = match &domain.addresses[..] {
            [] => "no address".to_owned(),
            addresses => addresses.join(", "),
        };
        let certificate = match &domain.certificate {
            Some(certificate) => told(certificate, now),
            None => "none".to_owned(),
        };
        let owner = domain.owner.as_ref().map(owner);
        let owner = owner.iter().map(|owner| ("owner", owner));
        let lines = [("DNS", &addresses), ("certificate", &certificate)];
        let missing = domain.missing.iter().map(|missing| ("missing", missing));
        let missing = owner.chain(missing);
        // INVARIANT: a string takes all that is written to it.
        let _ = writeln!(text, "{}", domain.name);
        for (what, line) in lines.into_iter().chain(missing) {
            let _ = writeln!(text, "  {what:<12} {line}");
        }
    }
    text
}

fn owner(owner: &Owner) -> String {
    let Owner { name, record, .. } = owner;
    match owner.shown {
        Some(true) => format!("{name}, as {record} says"),
        Some(false) => format!("{name}, which {record} does not say"),
        None => format!("{name}; DNS does not answer for {record}"),
    }
}

fn told(certificate: &Certificate, now: Timestamp) -> String {
    let day = |seconds: i64| {
        let time = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        time.strftime("%Y-%m-%d").to_string()
    };
    let days = (certificate.until - now.as_second()).div_euclid(86_400);
    let until = format!("until {} ({days} days)", day(certificate.until));
    match certificate.renewed {
        Some(renewed) => format!(
            "of {}, {until}, renewed {}",
            certificate.issuer,
            day(renewed)
        ),
        None => format!("of {}, {until}, in files", certificate.issuer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_domain_is_told_with_what_is_missing() {
        let day = 86_400;
        let domain = |name: &str, certificate, missing: &[&str]| Domain {
            name: name.to_owned(),
            addresses: vec!["203.0.113.7".to_owned(), "2001:db8::7".to_owned()],
            owner: None,
            certificate,
            missing: missing.iter().map(|&missing| missing.to_owned()).collect(),
        };
        let held = |renewed| Certificate {
            issuer: "Some Authority".to_owned(),
            until: 90 * day,
            renewed,
        };
        let mut unknown = domain("new.acme.example", None, &["DNS has no address for it"]);
        unknown.addresses.clear();
        let domains = [
            domain("get.acme.example", Some(held(Some(60 * day))), &[]),
            domain("cr.acme.example", Some(held(None)), &[]),
            unknown,
        ];
        let now = Timestamp::from_second(10 * day).expect("a time");
        insta::assert_snapshot!(list(&domains, now), @"
        get.acme.example
          DNS          203.0.113.7, 2001:db8::7
          certificate  of Some Authority, until 1970-04-01 (80 days), renewed 1970-03-02
        cr.acme.example
          DNS          203.0.113.7, 2001:db8::7
          certificate  of Some Authority, until 1970-04-01 (80 days), in files
        new.acme.example
          DNS          no address
          certificate  none
          missing      DNS has no address for it
        ");
    }
}
