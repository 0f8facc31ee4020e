use proptest::prelude::*;

use super::*;
use crate::enrich::client::LiveRules;

fn with(text: &str) -> ClientRules {
    ClientRules::with(text).expect("rules")
}

/// What is wrong with a text of rules.
fn wrong(text: &str) -> String {
    ClientRules::with(text).expect_err("wrong").to_string()
}

#[test]
fn no_rule_of_the_program_hides_behind_an_earlier_one() {
    let rules = ClientRules::builtin();
    for rule in rules.clients() {
        let agent = format!("{}{} x", rule.agent, rule.has);
        let found = rules.rule(&agent, &rule.ecosystem).map(ClientRule::shape);
        assert_eq!(found, Some(rule.shape()));
    }
}

#[test]
fn an_operators_rule_comes_before_those_of_the_program() {
    let rules = with(
        r#"
        client = [
          { agent = "AcmeGet/", name = "acme-get", class = "tool", os = "linux" },
          { agent = "curl/", has = "(acme)", name = "acme-updater", class = "updater" },
          { has = "AcmeWatch", name = "acme-watch", class = "crawler" },
        ]
        "#,
    );
    let read = |agent| {
        let client = rules.read(agent, "");
        format!(
            "{} {} {} {}",
            client.name,
            client.version,
            client.os,
            client.class.as_str()
        )
    };
    insta::assert_snapshot!(read("AcmeGet/2.1 (x)"), @"acme-get 2.1 linux tool");
    insta::assert_snapshot!(read("ACMEGET/2"), @"acme-get 2 linux tool");
    insta::assert_snapshot!(read("curl/8.1 (acme)"), @"acme-updater 8.1  updater");
    insta::assert_snapshot!(read("curl/8.1"), @"curl 8.1  tool");
    insta::assert_snapshot!(read("Mozilla/5.0 (compatible; AcmeWatch/1)"), @"acme-watch   crawler");
}

#[test]
fn a_rule_says_where_it_stands_and_what_it_fits() {
    let rules = with(
        "client = [\n  { agent = \"x/\", has = \" y\", ecosystem = \"npm\", name = \"x\", class = \"tool\" },\n]",
    );
    let rule = rules.rule("x/1 y", "npm").expect("a rule");
    insta::assert_snapshot!(format!("{} {}", rule.place(), rule.shape()), @r#"own.toml:2 begins "x/" has " y" ecosystem "npm""#);
    assert!(rules.rule("x/1 y", "pypi").is_none());
}

#[test]
fn what_is_wrong_with_rules_is_said_by_line_and_column() {
    insta::assert_snapshot!(wrong("client = [\n  { agent = \"x/\", name = \"x\", class = \"tol\" },\n]"), @r#"own.toml:2:3: no class "tol": write one of tool, browser, library, mirror, updater, crawler, headless, image-proxy, unknown, none"#);
    insta::assert_snapshot!(wrong("client = [\n  { agent = \"x/\", name = \"x\", clas = \"tool\" },\n]"), @"own.toml:2:31: unknown field `clas`, expected one of `agent`, `has`, `ecosystem`, `name`, `class`, `version`, `version_after`, `format`, `os`, `ci`");
    insta::assert_snapshot!(wrong("client = [\n  { agent = \"x/\", name = \"x\""), @"own.toml:2:29: unclosed inline table, expected `}`");
    insta::assert_snapshot!(wrong("client = [{ name = \"x\", class = \"tool\" }]"), @"own.toml:1:11: no agent: say what it begins with (agent), or what stands in it (has)");
    insta::assert_snapshot!(wrong("client = [{ agent = \"x\", name = \"203.0.113.77\", class = \"tool\" }]"), @r#"own.toml:1:11: "203.0.113.77" is no name: write up to 32 small letters, digits, ".", "_" and "-", and no number alone"#);
    insta::assert_snapshot!(wrong("client = [{ agent = \"x\", name = \"x\", class = \"tool\", version = false, version_after = \"y\" }]"), @"own.toml:1:11: version = false and version_after exclude each other: leave one out");
    insta::assert_snapshot!(wrong("client = [{ agent = \"x\", name = \"x\", class = \"tool\", ecosystem = \"pip\" }]"), @r#"own.toml:1:11: no ecosystem "pip": write an index's kind, or one of file, script, event, oci, docs"#);
    insta::assert_snapshot!(wrong("audience = [{ rule = \"a b\", is = \"people\" }]"), @r#"own.toml:1:13: a rule's name has up to 32 small letters, digits, ":" and "-""#);
    insta::assert_snapshot!(wrong("audience = [{ rule = \"a\", is = \"persons\" }]"), @r#"own.toml:1:13: no audience "persons": write one of people, ci, mirror, updater, bot, proxy, unknown"#);
    insta::assert_snapshot!(wrong("audience = [{ rule = \"a\", is = \"ci\", lists = [\"clouds\"] }]"), @r#"own.toml:1:13: no list "clouds": write one of cloud, ci, tor, relay, vpn, cdn, gateway"#);
    insta::assert_snapshot!(wrong("audience = [{ rule = \"a\", is = \"ci\", versions = 1 }]"), @"own.toml:1:13: versions is between 2 and 64");
    insta::assert_snapshot!(wrong("audience = [{ rule = \"a\", is = \"ci\", class = 7 }]"), @"own.toml:1:46: expected one value or a list of them");
}

#[test]
fn a_file_that_is_wrong_leaves_the_rules_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.toml");
    let write = |text: &str| std::fs::write(&file, text).expect("written");
    let rules = LiveRules::new(vec![file.clone()]);
    let name = || rules.load().read("AcmeGet/1", "").name.into_owned();
    assert!(matches!(rules.reload(), Err(RulesError::Read { .. })));
    assert_eq!(name(), "acmeget");
    write(r#"client = [{ agent = "AcmeGet/", name = "acme-one", class = "tool" }]"#);
    rules.reload().expect("rules");
    assert_eq!(name(), "acme-one");
    write(r#"client = [{ agent = "AcmeGet/", name = "acme two", class = "tool" }]"#);
    assert!(matches!(
        rules.reload(),
        Err(RulesError::Wrong {
            line: 1,
            column: 11,
            ..
        })
    ));
    assert_eq!(name(), "acme-one");
}

#[test]
fn who_holds_the_rules_of_last_time_has_others_as_soon_as_they_are_in_use() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("own.toml");
    let (rules, others) = (LiveRules::new(vec![file.clone()]), LiveRules::default());
    let mut held = None;
    let mut name = |rules: &LiveRules| {
        let agent = rules.again(&mut held).read("AcmeGet/1", "");
        agent.name.into_owned()
    };
    assert_eq!(name(&rules), "acmeget");
    let text = r#"client = [{ agent = "AcmeGet/", name = "acme-one", class = "tool" }]"#;
    std::fs::write(&file, text).expect("written");
    rules.reload().expect("rules");
    assert_eq!(name(&rules), "acme-one");
    assert_eq!(
        name(&others),
        "acmeget",
        "of another gateway in this process"
    );
    assert_eq!(name(&rules), "acme-one");
}

#[test]
fn what_agents_said_before_the_open_data_was_there_is_forgotten() {
    let (mut agents, rules) = (crate::Agents::default(), ClientRules::builtin());
    let archiver = "Mozilla/5.0 (compatible; heritrix/3.2.0 +http://archive.example/)";
    agents.read(&rules, archiver, "");
    open_data::load();
    assert_eq!(agents.read(&rules, archiver, "").class, Class::Crawler);
}

#[test]
fn what_agents_said_by_other_rules_is_forgotten() {
    let mut agents = crate::Agents::default();
    let other = with(r#"client = [{ agent = "curl/", name = "acme-curl", class = "tool" }]"#);
    let ours = ClientRules::builtin();
    let mut names = Vec::new();
    for rules in [&*ours, &*ours, &other, &*ours] {
        names.push(agents.read(rules, "curl/8.1", "").name.clone().into_owned());
    }
    assert_eq!(names, ["curl", "curl", "acme-curl", "curl"]);
}

proptest! {
    #[test]
    fn no_text_of_rules_makes_it_panic(text in "(client|audience) = \\[\\{ ?(agent|name|class|rule|is|versions|lists) ?= ?(\"[a-z/é]{0,8}\"|[0-9]{1,4}|\\[\\]) ?,? ?\\}?\\]?") {
        let _ = ClientRules::with(&text);
    }

    #[test]
    fn the_first_rule_that_fits_is_the_one_found(agent in "(pip|npm|curl|Debian APT-HTTP|apt-cacher|got |x|é)[/ (][a-zA-Z0-9./ -]{0,12}( Nix/[0-9]| non-interactive)?", npm: bool) {
        let rules = ClientRules::builtin();
        let ecosystem = if npm { "npm" } else { "file" };
        let first = rules.clients().iter().find(|rule| rule.fits(agent.trim(), ecosystem).is_some());
        let found = rules.rule(&agent, ecosystem);
        prop_assert_eq!(found.map(ClientRule::shape), first.map(ClientRule::shape));
    }
}
