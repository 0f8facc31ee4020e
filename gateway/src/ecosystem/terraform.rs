//! terraform

use weir_config::catalogue::Index;

use crate::ecosystem::{Decision, onward};
use crate::head::Head;

/// Decides a request below a terraform index.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    onward::unless_reading(head).unwrap_or_else(|| onward::pass(head, index, path))
}

/// Where clients look for a host's services.
pub(crate) const DISCOVERY: &str = "/.well-known/terraform.json";

/// Says where the services are.
pub(crate) fn discovery<'a>(head: &Head<'a>, index: &'a Index) -> Decision<'a> {
    decide(head, DISCOVERY, index)
}
