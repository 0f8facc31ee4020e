//! Tells who asked, and by which rule.

use weir_event::{Audience, Ci};

use super::client::{Class, Client};

/// The audience and the short code of the rule that set it.
pub(crate) fn judge(client: &Client<'_>) -> (Audience, &'static str) {
    if client.ci == Ci::Yes {
        return (Audience::Ci, "ci:declared");
    }
    match client.class {
        Class::Mirror => (Audience::Mirror, "agent:mirror"),
        Class::Updater => (Audience::Updater, "agent:updater"),
        Class::Crawler => (Audience::Bot, "agent:crawler"),
        Class::Headless => (Audience::Bot, "agent:headless"),
        Class::ImageProxy => (Audience::Proxy, "agent:image-proxy"),
        Class::Tool | Class::Browser => (Audience::People, "client:interactive"),
        Class::Library => (Audience::Unknown, "agent:library"),
        Class::Unknown => (Audience::Unknown, "agent:unknown"),
        Class::Silent => (Audience::Unknown, "agent:none"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::client;

    fn judged(agent: &str) -> String {
        let (audience, reason) = judge(&client::read(agent, ""));
        format!("{} {reason}", audience.as_str())
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
        insta::assert_snapshot!(judged("npm/11.1.0 node/v22.1.0 linux x64 robots/true"), @"people client:interactive");
        insta::assert_snapshot!(judged("Wget/1.21.3 (spider)"), @"people client:interactive");
    }
}
