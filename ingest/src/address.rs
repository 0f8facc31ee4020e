//! skeleton
/// An address.
pub struct ClientIp(());
/// Proxies.
pub struct TrustedProxies(());
