use super::*;
use crate::enrich::client::load_open_data;

/// The audience of an agent, and why, as the program's own rules have it.
fn judged(agent: &str) -> String {
    judged_in(&Network::default(), 0, agent)
}

fn judged_in(network: &Network, versions: u32, agent: &str) -> String {
    by(&ClientRules::builtin(), network, versions, agent)
}

fn by(rules: &ClientRules, network: &Network, versions: u32, agent: &str) -> String {
    let client = rules.read(agent, "");
    let seen = Seen {
        client: &client.name,
        class: client.class,
        ci: client.ci,
        network,
        lately: Lately {
            versions,
            events: 0,
        },
    };
    let (audience, rule) = judge(rules, &seen);
    format!("{} {rule}", audience.as_str())
}

fn listed(lists: Lists) -> Network {
    Network {
        lists,
        ..Network::default()
    }
}

#[test]
fn each_rule_names_itself() {
    insta::assert_snapshot!(judged("npm/11.1.0 node/v22.1.0 linux x64 ci/gitlab"), @"ci ci:declared");
    insta::assert_snapshot!(judged("bandersnatch/6.5.0 (cpython 3.11.4-final0, Linux x86_64)"), @"mirror agent:mirror");
    insta::assert_snapshot!(judged("Renovate/37.1.0 (https://example.org/renovate)"), @"updater agent:updater");
    insta::assert_snapshot!(judged("AcmeBot/1.0 (+https://example.org)"), @"bot agent:crawler");
    insta::assert_snapshot!(judged("github-camo (876de43e)"), @"proxy agent:image-proxy");
    insta::assert_snapshot!(judged("curl/8.9.1"), @"people client:interactive");
    insta::assert_snapshot!(judged("python-requests/2.32.3"), @"unknown agent:library");
    insta::assert_snapshot!(judged("acme-fetch/1.0"), @"unknown agent:unknown");
    insta::assert_snapshot!(judged(""), @"unknown agent:none");
}

#[test]
fn words_of_crawlers_do_not_turn_a_package_manager_into_one() {
    load_open_data();
    insta::assert_snapshot!(judged("npm/11.1.0 node/v22.1.0 linux x64 robots/true"), @"people client:interactive");
    insta::assert_snapshot!(judged("Wget/1.21.3 (spider)"), @"people client:interactive");
    insta::assert_snapshot!(judged("docker/27.3.1 go/go1.22.7 os/linux arch/arm64"), @"people client:interactive");
}

#[test]
fn a_timers_apt_is_an_updater() {
    insta::assert_snapshot!(judged("Debian APT-HTTP/1.3 (2.9.8) non-interactive"), @"updater agent:updater");
    insta::assert_snapshot!(judged("Debian APT-HTTP/1.3 (2.9.8)"), @"people client:interactive");
}

#[test]
fn whoever_takes_many_versions_within_a_minute_is_a_mirror() {
    let nowhere = Network::default();
    insta::assert_snapshot!(judged_in(&nowhere, 19, "python-requests/2.32.3"), @"unknown agent:library");
    insta::assert_snapshot!(judged_in(&nowhere, 20, "python-requests/2.32.3"), @"mirror versions:many");
    insta::assert_snapshot!(judged_in(&nowhere, 20, "Renovate/37.1.0"), @"updater agent:updater");
}

#[test]
fn a_network_tells_builds_and_servers_from_people() {
    let npm = "npm/11.1.0 node/v22.1.0 linux x64";
    let browser = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";
    let ci = listed(Lists::CI.with(Lists::CLOUD));
    insta::assert_snapshot!(judged_in(&ci, 0, npm), @"ci network:ci");
    insta::assert_snapshot!(judged_in(&ci, 0, ""), @"ci network:ci");
    insta::assert_snapshot!(judged_in(&ci, 0, browser), @"unknown network:cloud");
    insta::assert_snapshot!(judged_in(&listed(Lists::CLOUD), 0, npm), @"unknown network:cloud");
    let hosting = Network {
        kind: NetworkType::Hosting,
        ..Network::default()
    };
    insta::assert_snapshot!(judged_in(&hosting, 0, npm), @"unknown network:cloud");
    let residential = Network {
        kind: NetworkType::Residential,
        ..Network::default()
    };
    insta::assert_snapshot!(judged_in(&residential, 0, npm), @"people client:interactive");
}

#[test]
fn people_behind_a_relay_are_people_though_its_machines_stand_in_a_cloud() {
    let relay = listed(Lists::RELAY.with(Lists::CLOUD));
    insta::assert_snapshot!(judged_in(&relay, 0, "curl/8.9.1"), @"people network:people");
    insta::assert_snapshot!(judged_in(&relay, 0, "python-requests/2.32.3"), @"unknown agent:library");
}

#[test]
fn an_operators_rules_come_first() {
    let rules = ClientRules::with(
        r#"
        audience = [
          { rule = "own:build-farm", asn = [64500, 64501], class = ["tool", "library"], is = "ci" },
          { rule = "own:probe", client = "curl", is = "bot" },
        ]
        "#,
    )
    .expect("rules");
    let farm = Network {
        asn: 64501,
        ..Network::default()
    };
    let nowhere = Network::default();
    insta::assert_snapshot!(by(&rules, &farm, 0, "cargo/1.95.0"), @"ci own:build-farm");
    insta::assert_snapshot!(by(&rules, &nowhere, 0, "cargo/1.95.0"), @"people client:interactive");
    insta::assert_snapshot!(by(&rules, &nowhere, 0, "curl/8.9.1"), @"bot own:probe");
    insta::assert_snapshot!(by(&rules, &nowhere, 0, "Wget/1.21.3"), @"people client:interactive");
}
