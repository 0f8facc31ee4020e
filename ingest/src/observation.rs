//! What the gateway saw: one request, classified, before anything is known of who asked.

use std::borrow::Cow;

use weir_event::{Answer, Kind};

/// One answered request. The address travels beside it, never in it.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // named as the event's columns
pub struct Observation<'a> {
    pub kind: Kind,
    pub package: &'a str,
    pub ecosystem: &'static str,
    pub domain: &'a str,
    pub route: &'a str,
    pub version: &'a str,
    pub artifact: &'a str,
    pub digest: &'a str,
    /// Platform that the artifact is for, as the request spells it; empty leaves it to the client's words.
    pub os: &'a str,
    pub arch: &'a str,
    pub method: &'static str,
    pub status: u16,
    /// Path and query as they were asked for. They tell whether a request is repeated and go no further.
    pub target: &'a str,
    /// What the client calls the run that its request is part of, where it says so; goes no further either.
    pub run: &'a str,
    pub answer: Answer,
    pub bytes: u64,
    pub user_agent: &'a str,
    /// The `Referer` header as it came; only its host survives.
    pub referrer: &'a str,
    /// Path of the page that a pixel or script stands on, where the owner allows it.
    pub page: &'a str,
    /// Query of that page. Only what names a source or a campaign is read, and no more of it goes further.
    pub query: &'a str,
    /// The referring page is one of the owner's own, as those are that carry their pixel.
    pub referrer_is_own: bool,
    /// The sender asked not to be counted, in whichever way: nothing but that is kept.
    pub opted_out: bool,
    pub props: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl Observation<'_> {
    /// An observation of `kind` with everything else unknown.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            package: "",
            ecosystem: "",
            domain: "",
            route: "",
            version: "",
            artifact: "",
            digest: "",
            os: "",
            arch: "",
            method: "",
            status: 0,
            target: "",
            run: "",
            answer: Answer::None,
            bytes: 0,
            user_agent: "",
            referrer: "",
            page: "",
            query: "",
            referrer_is_own: false,
            opted_out: false,
            props: Vec::new(),
        }
    }
}
