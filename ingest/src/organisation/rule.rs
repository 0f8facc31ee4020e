//! What can decide, by name, so that a test and a reader can tell a right answer from a lucky one.

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident => $word:literal,)+) => {
        /// What decided, by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule { $($(#[$doc])* $rule,)+ }

        impl Rule {
            /// Every rule, in the order in which they are tried.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            /// Its name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$rule => $word,)+ }
            }
        }
    };
}

rules! {
    /// The operator named the network.
    OverrideNetwork => "override_network",
    /// The operator named the system.
    OverrideAsn => "override_asn",
    /// The operator named the holder's domain.
    OverrideDomain => "override_domain",
    /// The operator named the holder's name.
    OverrideName => "override_name",
    /// The operator says that this is nobody.
    OverrideNobody => "override_nobody",
    /// Loopback, private, carrier NAT.
    Local => "local",
    /// Exit of Tor.
    ListTor => "list_tor",
    /// Exit of a relay that hides people.
    ListRelay => "list_relay",
    /// Exit of a VPN.
    ListVpn => "list_vpn",
    /// Secure web gateway.
    ListGateway => "list_gateway",
    /// Build service.
    ListCi => "list_ci",
    /// Cloud.
    ListCloud => "list_cloud",
    /// Content delivery.
    ListCdn => "list_cdn",
    /// No system announces the network, or none is known.
    Unrouted => "unrouted",
    /// The data says that it carries or hosts others.
    CategoryPassage => "category_passage",
    /// A gateway by its name.
    NameGateway => "name_gateway",
    /// Its name says that it provides anonymity.
    NameVpn => "name_vpn",
    /// Its name says that it hosts.
    NameHosting => "name_hosting",
    /// Its name says that it carries.
    NameCarrier => "name_carrier",
    /// It carries universities.
    NameResearchNetwork => "name_research_network",
    /// Sources say different things.
    Disagree => "disagree",
    /// The data and the name agree.
    CategoryAndName => "category_and_name",
    /// The data and the domain agree.
    CategoryAndDomain => "category_and_domain",
    /// The name and the domain agree.
    NameAndDomain => "name_and_domain",
    /// The data, and a domain that is made of the name: whose it is, though not what.
    CategoryAndLabel => "category_and_label",
    /// The data alone.
    Category => "category",
    /// The domain alone.
    Domain => "domain",
    /// One of the organisations that are built in, by its whole name alone.
    Known => "known",
    /// So small that the name may be a person's.
    Personal => "personal",
    /// The name alone.
    Name => "name",
    /// The address's name is in the holder's own domain.
    PointerOfHolder => "ptr_of_holder",
    /// The address's name is in the domain of an organisation that is written down.
    PointerKnown => "ptr_known",
    /// The address's name is under a suffix for schools or administrations.
    PointerSuffix => "ptr_suffix",
    /// Nothing tells.
    Nothing => "nothing",
}
