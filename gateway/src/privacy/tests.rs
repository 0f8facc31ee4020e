use weir_config::Contact;
use weir_config::catalogue::IndexKind;
use weir_ingest::{Organisations, Prefix, Source, VisitorId};
use weir_traces::{Joining, Options};

use super::*;
use crate::ecosystem::trace::index;
use crate::head::Fields;

/// What a gateway does that knows nothing but requests.
fn practice() -> Practice {
    Practice {
        fields: vec!["time", "package", "client"],
        lookup_prefix: Prefix { v4: 24, v6: 48 },
        reverse_dns: false,
        visitor: VisitorId {
            bits: 32,
            salt_hours: 24,
            salt_kept: "memory",
            erased_after_hours: 48,
        },
        organisations: None,
        sources: Vec::new(),
    }
}

/// One that has all of it on.
fn curious() -> Practice {
    Practice {
        fields: vec!["time", "country", "org_name", "page"],
        reverse_dns: true,
        organisations: Some(Organisations {
            excluded_countries: vec!["EEA".to_owned(), "CH".to_owned()],
        }),
        sources: vec![
            Source {
                name: "countries".to_owned(),
                licence: None,
            },
            Source {
                name: "Networks & <names>".to_owned(),
                licence: Some("CC0-1.0".to_owned()),
            },
        ],
        ..practice()
    }
}

fn named() -> Controller {
    Controller {
        name: Some("Acme <Rockets> & Co".to_owned()),
        contact: Some(Contact::Mail("privacy@acme.example".to_owned())),
    }
}

const KEPT: Kept = Kept {
    events_days: 90,
    counts_months: None,
};

fn reply(form: Form, told: Told<'_>, fields: &[(&str, &str)], served: &[Served<'_>]) -> Reply {
    let host = ("Host", "get.acme.example");
    let fields: Vec<_> = std::iter::once(&host)
        .chain(fields)
        .map(|&(name, value)| httparse::Header {
            name,
            value: value.as_bytes(),
        })
        .collect();
    let head = Head::new("GET", "/", Fields::raw(&fields)).expect("a good head");
    told.reply(form, &head, "https://get.acme.example", served)
}

fn body(form: Form, controller: &Controller, kept: Kept, practice: &Practice) -> String {
    let told = Told {
        controller,
        kept,
        practice,
        traces: None,
    };
    String::from_utf8(reply(form, told, &[], &[]).body.to_vec()).expect("text")
}

fn statement(controller: &Controller, kept: Kept, practice: &Practice) -> serde_json::Value {
    let body = body(Form::Statement, controller, kept, practice);
    serde_json::from_str(&body).expect("JSON")
}

#[test]
fn the_statement_says_what_is_running() {
    let statement = statement(&Controller::default(), KEPT, &practice());
    insta::assert_snapshot!(format!("{statement:#}"), @r#"
    {
      "version": 1,
      "controller": {
        "name": null,
        "contact": null
      },
      "purposes": [
        "download-statistics"
      ],
      "organisation_recognition": {
        "enabled": false,
        "excluded_countries": []
      },
      "ip": {
        "stored": false,
        "forwarded_upstream": false,
        "lookup_prefix": {
          "v4": 24,
          "v6": 48
        },
        "ptr": false
      },
      "visitor_id": {
        "method": "blake3-keyed",
        "salt_lifetime_h": 24,
        "salt_kept": "memory",
        "salt_persisted": false,
        "scope": "package",
        "bits": 32,
        "erased_after_h": 48
      },
      "fields": [
        "time",
        "package",
        "client"
      ],
      "retention": {
        "events_days": 90,
        "counts_months": null
      },
      "signals": [
        "DNT",
        "Sec-GPC",
        "X-No-Analytics"
      ],
      "opt_out": {
        "path_prefix": "/-/no-track/",
        "host_prefix": "notrack."
      },
      "traces": null,
      "third_parties": [],
      "data_sources": [],
      "software": "weir 0.1.0"
    }
    "#);
}

/// Each thing that can be switched, and the one place in the statement that it changes.
#[test]
fn every_switch_changes_its_own_place_and_no_other() {
    let plain = statement(&Controller::default(), KEPT, &practice());
    let changed = |controller: &Controller, kept: Kept, practice: &Practice| {
        let other = statement(controller, kept, practice);
        let plain = plain.as_object().expect("an object");
        let changed = plain.iter().filter(|(name, value)| other[*name] != **value);
        let lines: Vec<_> = changed
            .map(|(name, _)| format!("{name}: {}", other[name]))
            .collect();
        lines.join("\n")
    };
    let all = curious();
    let one = |of: fn(&mut Practice, &Practice)| {
        let mut practice = practice();
        of(&mut practice, &all);
        changed(&Controller::default(), KEPT, &practice)
    };
    let switches = [
        changed(&named(), KEPT, &practice()),
        changed(
            &Controller::default(),
            Kept {
                events_days: 30,
                counts_months: Some(25),
            },
            &practice(),
        ),
        one(|practice, all| practice.organisations = all.organisations.clone()),
        one(|practice, all| practice.reverse_dns = all.reverse_dns),
        one(|practice, all| practice.sources = all.sources.clone()),
        one(|practice, all| practice.fields = all.fields.clone()),
        one(|practice, _| practice.lookup_prefix = Prefix { v4: 16, v6: 32 }),
        one(|practice, _| practice.visitor.salt_kept = "a shared store"),
    ];
    insta::assert_snapshot!(switches.join("\n"), @r#"
    controller: {"name":"Acme <Rockets> & Co","contact":"privacy@acme.example"}
    retention: {"events_days":30,"counts_months":25}
    purposes: ["download-statistics","organisation-recognition"]
    organisation_recognition: {"enabled":true,"excluded_countries":["EEA","CH"]}
    ip: {"stored":false,"forwarded_upstream":false,"lookup_prefix":{"v4":24,"v6":48},"ptr":true}
    data_sources: [{"name":"countries","licence":null},{"name":"Networks & <names>","licence":"CC0-1.0"}]
    fields: ["time","country","org_name","page"]
    ip: {"stored":false,"forwarded_upstream":false,"lookup_prefix":{"v4":16,"v6":32},"ptr":false}
    visitor_id: {"method":"blake3-keyed","salt_lifetime_h":24,"salt_kept":"a shared store","salt_persisted":false,"scope":"package","bits":32,"erased_after_h":48}
    "#);
}

#[test]
fn the_page_says_the_same_in_words() {
    let page = |controller: &Controller, practice: &Practice| {
        let page = body(Form::Page, controller, KEPT, practice);
        let (_, said) = page.split_once("</h1>\n").expect("a heading");
        said.to_owned()
    };
    insta::assert_snapshot!(page(&Controller::default(), &practice()), @r#"
    <p>Whoever runs this host counts downloads to see which packages, versions and platforms are used; for nothing else.</p>
    </header>
    <main>
    <section>
    <h2>Kept</h2>
    <ul>
    <li>Which package, version, file and platform was asked for, when (to the minute), and how it was answered.</li>
    <li>The program that asked, with its version, system and whether it runs in CI; what a program itself reports, where its makers have it do so.</li>
    <li>The host of the page that led here, where a browser tells it.</li>
    <li>A number of 32 bits that tells visitors of one package apart for one day. Its key is kept in memory for 24 hours; the number is erased after 48 hours.</li>
    <li>All of this for 90 days; what was counted from it, without the number, stays.</li>
    </ul>
    </section>
    <section>
    <h2>Not kept</h2>
    <ul>
    <li>Your address. While you are answered it makes the number; then it is gone. It is written to no disk and no log, and sent to nobody.</li>
    <li>Cookies: none are set or read. What an address says behind its question mark, unless the package asks for it. The page that you came from, beyond its host.</li>
    <li>Which organisation you belong to: networks are not matched to companies.</li>
    <li>What you ask for elsewhere: a host that you are redirected to sees your address, as it would without this one.</li>
    <li>Anything at all, if you ask not to be counted; nothing is looked up then either.</li>
    </ul>
    </section>
    <section class="wide">
    <h2>Not to be counted</h2>
    <p>Send the header <code>DNT: 1</code>, <code>Sec-GPC: 1</code> or <code>X-No-Analytics: 1</code>, put <code>/-/no-track</code> before a path, or <code>notrack.</code> before the host. All is served as before; from such an address, what your client asks for next follows by itself.</p>
    </section>
    </main>
    <footer>The same <a href="/.well-known/download-analytics.json">for programs</a>, from what is running here at this moment.</footer>
    "#);
    let plain = page(&Controller::default(), &practice());
    let curious = page(&named(), &curious());
    let more: Vec<_> = curious
        .lines()
        .filter(|line| !plain.contains(line))
        .collect();
    insta::assert_snapshot!(more.join("\n"), @r#"
    <p>Acme &lt;Rockets&gt; &amp; Co counts downloads to see which packages, versions and platforms are used, and by which organisations; for nothing else. Questions: <a href="mailto:privacy@acme.example">privacy@acme.example</a>.</p>
    <li>The country.</li>
    <li>The organisation that a network is registered to, where open data names one. A provider's customers are never named, and it is not joined with the number below. Not from: EEA, CH.</li>
    <li>Of documentation, the page that is read.</li>
    <li>Your address. While you are answered it makes the number, and its first part (/24, of IPv6 /48) finds the place; then it is gone. It is written to no disk and no log, and sent to nobody but our own resolver, which is asked for the name of your network.</li>
    <footer>Look-ups use countries, Networks &amp; &lt;names&gt; (CC0-1.0). The same <a href="/.well-known/download-analytics.json">for programs</a>, from what is running here at this moment.</footer>
    "#);
}

#[test]
fn traces_are_told_where_there_are_any() {
    let controller = Controller::default();
    let (practice, mut told) = (practice(), Vec::new());
    for joining in [Joining::Never, Joining::Trusted] {
        let traces = Options {
            share: 0.01,
            joining,
        };
        let with_traces = Told {
            controller: &controller,
            kept: KEPT,
            practice: &practice,
            traces: Some(traces),
        };
        let text = |form| {
            let body = reply(form, with_traces, &[], &[]).body;
            String::from_utf8(body.to_vec()).expect("text")
        };
        let statement: serde_json::Value =
            serde_json::from_str(&text(Form::Statement)).expect("JSON");
        told.push(statement["traces"].to_string());
        let page = text(Form::Page);
        let facts = page.lines().filter(|line| line.contains("a trace for"));
        told.extend(facts.map(str::to_owned));
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    {"share":0.01,"joined":false}
    <li>Of a share of 0.01 of all requests, a trace for whoever runs this server: when it came, how long each step took and how it was answered. It names the rule that applied, not what was asked for, and nothing of who asked.</li>
    {"share":0.01,"joined":true}
    <li>Of a share of 0.01 of all requests, a trace for whoever runs this server: when it came, how long each step took and how it was answered. It names the rule that applied, not what was asked for, and nothing of who asked. That may be the trace of a server that passes requests on to this one.</li>
    "#);
    assert!(!body(Form::Page, &controller, KEPT, &practice).contains("a trace"));
}

#[test]
fn each_client_is_told_in_its_own_words() {
    let indexes: Vec<_> = IndexKind::ALL
        .into_iter()
        .map(|kind| index(kind, "/a/", &[]))
        .collect();
    let served: Vec<_> = [Served::Files, Served::Images, Served::Project]
        .into_iter()
        .chain(indexes.iter().map(Served::Index))
        .collect();
    let told = Told {
        controller: &Controller::default(),
        kept: KEPT,
        practice: &practice(),
        traces: None,
    };
    let page = reply(Form::Page, told, &[], &served);
    let page = String::from_utf8(page.body.to_vec()).expect("text");
    let rows = page.lines().filter(|line| line.starts_with("<dt>"));
    let rows: Vec<_> = rows
        .map(|row| {
            row.replace("</dt><dd><code>", "  ")
                .replace("<dt>", "")
                .replace("</code></dd>", "")
        })
        .collect();
    insta::assert_snapshot!(rows.join("\n"), @"
    curl  curl -fLO https://get.acme.example/-/no-track/…
    docker, podman  docker pull notrack.get.acme.example/…
    pip, uv  pip install --index-url https://get.acme.example/-/no-track/simple/ …
    npm  npm install --registry https://get.acme.example/-/no-track/a/ …
    cargo  index = &quot;sparse+https://get.acme.example/-/no-track/a/&quot;
    go  GOPROXY=https://get.acme.example/-/no-track/a go get …
    Maven, Gradle  &lt;url&gt;https://get.acme.example/-/no-track/a/&lt;/url&gt;
    gem  gem install --source https://get.acme.example/-/no-track/a/ …
    helm  helm repo add … https://get.acme.example/-/no-track/a
    dotnet  dotnet restore --source https://get.acme.example/-/no-track/a/v3/index.json
    composer  &quot;url&quot;: &quot;https://get.acme.example/-/no-track/a&quot;
    apt  deb https://get.acme.example/-/no-track/a/ …
    dnf, zypper  baseurl=https://get.acme.example/-/no-track/a/
    conda  conda install --channel https://get.acme.example/-/no-track/a …
    mix  HEX_MIRROR=https://get.acme.example/-/no-track/a mix deps.get
    brew  root_url &quot;https://get.acme.example/-/no-track/a&quot;
    terraform  source = &quot;notrack.get.acme.example/…&quot;
    ");
}

#[test]
fn nothing_runs_and_nothing_is_loaded() {
    let told = Told {
        controller: &named(),
        kept: KEPT,
        practice: &curious(),
        traces: None,
    };
    let page = reply(Form::Page, told, &[], &[]);
    let policy = page
        .headers
        .iter()
        .find(|(name, _)| *name == "content-security-policy");
    let (_, policy) = policy.expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    let text = String::from_utf8(page.body.to_vec()).expect("text");
    let (_, style) = text.split_once("<style>").expect("a style");
    let (style, _) = style.split_once("</style>").expect("its end");
    let hash = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        Sha256::digest(style),
    );
    assert!(policy.contains(&hash), "the style is the one allowed");
    assert!(!text.contains("<script") && !text.contains("src=") && !text.contains("<Rockets>"));
}

#[test]
fn who_has_it_is_told_that_it_is_unchanged() {
    let told = Told {
        controller: &named(),
        kept: KEPT,
        practice: &practice(),
        traces: None,
    };
    for form in [Form::Statement, Form::Gpc, Form::Page] {
        let first = reply(form, told, &[], &[]);
        let tag = |reply: &Reply| {
            let tag = reply.headers.iter().find(|(name, _)| *name == "etag");
            tag.expect("a tag").1.clone()
        };
        assert_eq!(first.status, 200);
        let again = reply(form, told, &[("If-None-Match", &tag(&first))], &[]);
        assert_eq!((again.status, tag(&again)), (304, tag(&first)), "{form:?}");
        assert!(again.body.is_empty());
    }
    let changed = Told {
        practice: &curious(),
        ..told
    };
    let etags = [told, changed].map(|told| {
        let reply = reply(Form::Statement, told, &[], &[]);
        format!("{:?}", reply.headers)
    });
    assert_ne!(etags[0], etags[1]);
}

#[test]
fn only_these_three_paths_are_taken() {
    assert_eq!(Form::at("/-/privacy"), Some(Form::Page));
    for path in [
        "/-/privacy/",
        "/-/npm/v1/security/advisories/bulk",
        "/-/ping",
        "/-/whoami",
        "/-/px/docs.gif",
        "/rocket/-/privacy",
        "/.well-known/terraform.json",
        "/.well-known/acme-challenge/x",
        "/.well-known/",
    ] {
        assert_eq!(Form::at(path), None, "{path}");
    }
}
