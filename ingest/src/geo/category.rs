//! What a system is used for, by the words of data sets that sort systems.

use crate::enrich::{Lists, NetworkType};

/// By `category` and `network_role`, as OpenASN and ipverse spell them. A provider of access that only
/// carries other networks' traffic has no users of its own.
pub(super) fn of(category: &str, role: &str) -> NetworkType {
    match (category, role) {
        ("isp", "tier1_transit") => NetworkType::Carrier,
        ("isp" | "residential_isp" | "residential", _) => NetworkType::Residential,
        ("mobile", _) => NetworkType::Mobile,
        ("hosting", _) => NetworkType::Hosting,
        ("cdn", _) => NetworkType::Cdn,
        ("business", _) => NetworkType::Business,
        ("education" | "education_research", _) => NetworkType::Education,
        ("government" | "government_admin", _) => NetworkType::Government,
        ("nonprofit", _) => NetworkType::Nonprofit,
        _ => NetworkType::Unknown,
    }
}

/// The same with the flags of OpenASN (`a|b`), which are curated and count before the category; and the
/// lists that they put the whole system on.
pub(super) fn flagged(category: &str, role: &str, flags: &str) -> (NetworkType, Lists) {
    let has = |flag: &str| flags.split('|').any(|one| one == flag);
    let kind = if has("cdn") {
        NetworkType::Cdn
    } else if has("bad_asn") || has("hosting_extra") || category == "hosting" {
        NetworkType::Hosting
    } else if has("mobile_carrier") {
        NetworkType::Mobile
    } else {
        of(category, role)
    };
    let named = [
        (has("vpn_provider"), Lists::VPN),
        (has("enterprise_gw"), Lists::GATEWAY),
    ];
    let named = named.into_iter().filter(|(is_named, _)| *is_named);
    (
        kind,
        named.fold(Lists::default(), |all, (_, list)| all.with(list)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curated_flags_count_before_the_category() {
        let kind = |category, role, flags| flagged(category, role, flags).0;
        assert_eq!(kind("isp", "access_provider", ""), NetworkType::Residential);
        assert_eq!(kind("isp", "tier1_transit", ""), NetworkType::Carrier);
        assert_eq!(kind("isp", "", "mobile_carrier"), NetworkType::Mobile);
        assert_eq!(
            kind("isp", "", "bad_asn|mobile_carrier"),
            NetworkType::Hosting
        );
        assert_eq!(kind("hosting", "", "cdn"), NetworkType::Cdn);
        assert_eq!(kind("", "stub", ""), NetworkType::Unknown);
    }

    #[test]
    fn a_vpn_providers_system_is_on_the_list_as_a_whole() {
        assert_eq!(
            flagged("hosting", "", "bad_asn|vpn_provider"),
            (NetworkType::Hosting, Lists::VPN)
        );
        assert_eq!(flagged("business", "", "enterprise_gw").1, Lists::GATEWAY);
    }
}
