//! The statement for people: one page without a script, a font or a picture, in light and dark.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use weir_config::{Contact, Controller};
use weir_ingest::{Organisations, Practice, Source};
use weir_traces::{Joining, Options};

use super::uncounted::Way;
use super::{Kept, Told};
use crate::answer::Reply;
use crate::html::escaped;
use crate::optout;

const STYLE: &str = include_str!("page.css");

/// Nothing is loaded and nothing runs; the style is allowed by its hash.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// The page about `host`, with what to do for each client.
pub(super) fn reply(told: Told<'_>, host: &str, ways: &[Way]) -> Reply {
    let body = html(told, host, ways);
    Reply::new(200, "text/html; charset=utf-8", body)
        .with("content-security-policy", POLICY.as_str())
        .with("referrer-policy", "no-referrer")
}

fn html(told: Told<'_>, host: &str, ways: &[Way]) -> String {
    let Told {
        controller,
        kept,
        practice,
        traces,
    } = told;
    let host = escaped(host);
    [
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>What {host} keeps of a download</title>\n<style>{STYLE}</style>\n<header>\n<h1>What {host} keeps of a download</h1>\n"
        ),
        who(controller, practice),
        "</header>\n<main>\n".to_owned(),
        section("", "Kept", &list(&facts(practice, kept, traces))),
        section("", "Not kept", &list(&forgotten(practice))),
        section("wide", "Not to be counted", &not_counted(ways)),
        "</main>\n".to_owned(),
        footer(&practice.sources),
    ]
    .concat()
}

fn who(controller: &Controller, practice: &Practice) -> String {
    let name = controller.name.as_deref();
    let who = name.map_or_else(|| "Whoever runs this host".to_owned(), escaped);
    let by_whom = match practice.organisations {
        Some(_) => ", and by which organisations",
        None => "",
    };
    let contact = controller.contact.as_ref().map(|contact| {
        let scheme = match contact {
            Contact::Mail(_) => "mailto:",
            Contact::Page(_) => "",
        };
        let text = escaped(contact.as_str());
        format!(" Questions: <a href=\"{scheme}{text}\">{text}</a>.")
    });
    format!(
        "<p>{who} counts downloads to see which packages, versions and platforms are used{by_whom}; for nothing else.{}</p>\n",
        contact.unwrap_or_default()
    )
}

/// What a row says, in words. Columns that nothing fills are not spoken of.
fn facts(practice: &Practice, kept: Kept, traces: Option<Options>) -> Vec<String> {
    let knows = |field| practice.fields.contains(&field);
    let mut facts = vec![
        "Which package, version, file and platform was asked for, when (to the minute), and how it was answered.".to_owned(),
        "The program that asked, with its version, system and whether it runs in CI; what a program itself reports, where its makers have it do so.".to_owned(),
    ];
    if knows("country") {
        facts.push("The country.".to_owned());
    }
    facts.extend(practice.organisations.as_ref().map(organisations));
    facts.push("The host of the page that led here, where a browser tells it.".to_owned());
    if knows("page") {
        facts.push("Of documentation, the page that is read.".to_owned());
    }
    if knows("source") {
        facts.push("Of documentation, the source and the campaign that a link to it names (utm_source, source, ref, utm_campaign).".to_owned());
    }
    facts.push(format!(
        "A number of {} bits that tells visitors of one package apart for one day. Its key is kept in {} for {} hours; the number is erased after {} hours.",
        practice.visitor.bits,
        practice.visitor.salt_kept,
        practice.visitor.salt_hours,
        practice.visitor.erased_after_hours,
    ));
    facts.push(retention(kept));
    facts.extend(traces.map(traced));
    facts
}

/// A share as the operator wrote it: in percent it could have any number of digits.
fn traced(traces: Options) -> String {
    let joined = match traces.joining {
        Joining::Trusted => {
            " That may be the trace of a server that passes requests on to this one."
        }
        Joining::Never => "",
    };
    format!(
        "Of a share of {} of all requests, a trace for whoever runs this server: when it came, how long each step took and how it was answered. It names the rule that applied, not what was asked for, and nothing of who asked.{joined}",
        traces.share
    )
}

fn organisations(known: &Organisations) -> String {
    let excluded = match &known.excluded_countries[..] {
        [] => String::new(),
        countries => format!(" Not from: {}.", escaped(&countries.join(", "))),
    };
    format!(
        "The organisation that a network is registered to, where open data names one. A provider's customers are never named, and it is not joined with the number below.{excluded}"
    )
}

fn retention(kept: Kept) -> String {
    let counts = match kept.counts_months {
        Some(months) => format!("is kept for {months} months"),
        None => "stays".to_owned(),
    };
    format!(
        "All of this for {} days; what was counted from it, without the number, {counts}.",
        kept.events_days
    )
}

fn forgotten(practice: &Practice) -> Vec<String> {
    let mut forgotten = vec![
        address(practice),
        "Cookies: none are set or read. What an address says behind its question mark, unless the package asks for it. The page that you came from, beyond its host.".to_owned(),
    ];
    if practice.organisations.is_none() {
        forgotten.push(
            "Which organisation you belong to: networks are not matched to companies.".to_owned(),
        );
    }
    forgotten.push("What you ask for elsewhere: a host that you are redirected to sees your address, as it would without this one.".to_owned());
    forgotten.push(
        "Anything at all, if you ask not to be counted; nothing is looked up then either."
            .to_owned(),
    );
    forgotten
}

/// What becomes of the address.
fn address(practice: &Practice) -> String {
    let prefix = practice.lookup_prefix;
    let place = if practice.sources.is_empty() {
        String::new()
    } else {
        format!(
            ", and its first part (/{}, of IPv6 /{}) finds the place",
            prefix.v4, prefix.v6
        )
    };
    let told = if practice.reverse_dns {
        "to nobody but our own resolver, which is asked for the name of your network"
    } else {
        "to nobody"
    };
    format!(
        "Your address. While you are answered it makes the number{place}; then it is gone. It is written to no disk and no log, and sent {told}."
    )
}

fn not_counted(ways: &[Way]) -> String {
    let row = |way: &Way| {
        let (client, command) = (escaped(way.client), escaped(&way.command));
        format!("<dt>{client}</dt><dd><code>{command}</code></dd>\n")
    };
    let rows = ways.iter().map(row).collect::<Vec<_>>().concat();
    let table = if rows.is_empty() {
        rows
    } else {
        format!("<dl>\n{rows}</dl>\n")
    };
    format!(
        "<p>Send the header <code>DNT: 1</code>, <code>Sec-GPC: 1</code> or <code>X-No-Analytics: 1</code>, put <code>{}</code> before a path, or <code>{}</code> before the host. All is served as before; from such an address, what your client asks for next follows by itself.</p>\n{table}",
        optout::PREFIX,
        weir_config::UNCOUNTED,
    )
}

fn footer(sources: &[Source]) -> String {
    let sources = sources.iter().map(|source| {
        let licence = source.licence.iter().map(|licence| format!(" ({licence})"));
        escaped(&[source.name.clone(), licence.collect()].concat())
    });
    let sources: Vec<_> = sources.collect();
    let data = if sources.is_empty() {
        String::new()
    } else {
        format!("Look-ups use {}. ", sources.join(", "))
    };
    format!(
        "<footer>{data}The same <a href=\"/.well-known/download-analytics.json\">for programs</a>, from what is running here at this moment.</footer>\n"
    )
}

fn section(class: &str, title: &str, inner: &str) -> String {
    let class = if class.is_empty() {
        String::new()
    } else {
        format!(" class=\"{class}\"")
    };
    format!("<section{class}>\n<h2>{title}</h2>\n{inner}</section>\n")
}

fn list(items: &[String]) -> String {
    let items = items.iter().flat_map(|item| ["<li>", item, "</li>\n"]);
    format!("<ul>\n{}</ul>\n", items.collect::<String>())
}
