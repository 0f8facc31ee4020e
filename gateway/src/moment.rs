//! What an answer depends on besides the request and the configuration: the time, the rules that tell readers apart, and
//! what badges say.

use std::sync::Arc;

use weir_ingest::Class;

use crate::date::Now;
use crate::ecosystem::badge::Badges;

/// As things are while a request is decided about.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'a> {
    pub(crate) now: &'a Now,
    /// What sort of program sends an agent.
    pub(crate) class: &'a dyn Fn(&str) -> Class,
    /// What was counted last.
    pub(crate) badges: &'a dyn Fn() -> Arc<Badges>,
}

impl<'a> Moment<'a> {
    /// With everybody a reader and nothing counted, where nobody is answered.
    pub(crate) fn unasked(now: &'a Now) -> Self {
        Self {
            now,
            class: &|_| Class::Browser,
            badges: &Arc::default,
        }
    }
}
