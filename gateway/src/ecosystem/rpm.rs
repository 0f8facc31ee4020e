//! rpm

use weir_config::catalogue::Index;

use crate::ecosystem::{Decision, onward};
use crate::head::Head;

/// Decides a request below a rpm index.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    onward::unless_reading(head).unwrap_or_else(|| onward::pass(head, index, path))
}
