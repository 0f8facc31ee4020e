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
    /// The sender asked not to be counted (`DNT: 1`, `Sec-GPC: 1`).
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
            opted_out: false,
            props: Vec::new(),
        }
    }
}
