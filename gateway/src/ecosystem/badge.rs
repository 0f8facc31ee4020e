//! Badges: `/-/badge/PACKAGE/METRIC.svg`, and `.json` for those who draw it themselves.
//!
//! They say what was counted in the background; nobody who looks at one waits for ClickHouse. Of a package that its
//! owner did not make public they say the same as of one that there is not.

mod number;
mod svg;
mod width;

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::json;
use weir_config::catalogue::Pixel;
use weir_event::Kind;

use crate::answer::Reply;
use crate::ecosystem::pixel::{self, viewer};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;
use crate::moment::Moment;
use svg::{Colour, Drawing};

/// Where badges are on every domain.
const PREFIX: &str = "/-/badge/";
/// Stands for a number that is not known, or not told.
const UNKNOWN: &str = "–";
/// Seconds for which whoever draws a badge of the JSON may keep it.
const CACHE_SECONDS: u32 = 3600;

/// What badges say, by package.
pub type Badges = HashMap<String, BadgeNumbers>;

/// What may be told of a package; what is missing is not known, or is about too few.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadgeNumbers {
    /// Downloads of four weeks.
    pub downloads: Option<u64>,
    /// People of the same.
    pub people: Option<u64>,
    /// Organisations of the same.
    pub organisations: Option<u64>,
    /// People on the latest major, in percent.
    pub latest_percent: Option<u8>,
    /// The last day of the four weeks, as ISO 8601 writes it.
    pub until: Option<String>,
}

/// A number that a badge shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Metric {
    Downloads,
    People,
    Organisations,
    LatestShare,
}

impl Metric {
    fn named(name: &str) -> Option<Self> {
        match name {
            "downloads" => Some(Self::Downloads),
            "people" => Some(Self::People),
            "organisations" => Some(Self::Organisations),
            "latest-share" => Some(Self::LatestShare),
            _ => None,
        }
    }

    /// What stands before the number.
    fn label(self) -> &'static str {
        match self {
            Self::Downloads => "downloads",
            Self::People => "people",
            Self::Organisations => "organisations",
            Self::LatestShare => "on latest major",
        }
    }

    /// The number as it is written, if it is known.
    fn message(self, numbers: &BadgeNumbers) -> Option<String> {
        let monthly = |count| format!("{}/mo", number::short(count));
        match self {
            Self::Downloads => numbers.downloads.map(monthly),
            Self::People => numbers.people.map(monthly),
            Self::Organisations => numbers.organisations.map(monthly),
            Self::LatestShare => numbers.latest_percent.map(|percent| format!("{percent}%")),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Svg,
    Json,
}

/// What a path below [`PREFIX`] asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked<'a> {
    pub(crate) package: Cow<'a, str>,
    /// None of those that there are.
    metric: Option<Metric>,
    form: Form,
}

impl<'a> Asked<'a> {
    pub(crate) fn at(path: &'a str) -> Option<Self> {
        let (package, file) = path.strip_prefix(PREFIX)?.rsplit_once('/')?;
        let (metric, form) = match file.rsplit_once('.')? {
            (metric, "svg") => (metric, Form::Svg),
            (metric, "json") => (metric, Form::Json),
            _ => return None,
        };
        Some(Self {
            package: percent_decode_str(package).decode_utf8().ok()?,
            metric: Metric::named(metric),
            form,
        })
    }
}

/// Decides a request for a badge of a package that `is_public`; where the owner wants it, looks at it are views of `pixel`.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    asked: &Asked<'_>,
    is_public: bool,
    pixel: Option<&'a Pixel>,
    moment: Moment<'_>,
) -> Decision<'a> {
    if let Some(refused) = onward::unless_reading(head) {
        return refused;
    }
    let Some(metric) = asked.metric.filter(|_| is_public) else {
        // As with pixels, a broken picture is worse.
        let fact = Fact::new(Kind::BrokenLink, "docs", "", "badge");
        let reply = asked
            .form
            .reply(&Shown::nothing())
            .with("cache-control", "no-store");
        let reply = reply.with(viewer::DROPPED, "unknown-badge");
        return Decision::new(Plan::Reply(reply), fact);
    };
    let badges = (moment.badges)();
    let shown = Shown::of(&asked.package, metric, badges.get(&*asked.package));
    let reply = asked.form.reply(&shown);
    if viewer::is_prefetch(head) {
        return Decision::uncounted(Plan::Reply(reply.with("cache-control", "no-store")));
    }
    match (asked.form, pixel) {
        (Form::Svg, Some(pixel)) => {
            let reply = if shown.is_known {
                viewer::answer(head, moment, reply)
            } else {
                reply.with("cache-control", "no-store")
            };
            let fact = pixel::view(head, &pixel.id, pixel, "badge");
            Decision::new(Plan::Reply(reply), fact)
        }
        (Form::Svg | Form::Json, _) => {
            Decision::uncounted(Plan::Reply(reply.with("cache-control", "no-cache")))
        }
    }
}

/// A badge in words.
#[derive(Debug)]
struct Shown {
    label: &'static str,
    message: String,
    /// All of it, for who cannot see it and for who wants to know more.
    title: String,
    is_known: bool,
    is_error: bool,
}

impl Shown {
    fn of(package: &str, metric: Metric, numbers: Option<&BadgeNumbers>) -> Self {
        let label = metric.label();
        let message = numbers.and_then(|numbers| metric.message(numbers));
        let until = numbers.and_then(|numbers| numbers.until.as_deref());
        let title = match (&message, until) {
            (Some(message), Some(until)) => {
                format!("{label}: {message} ({package}, four weeks until {until})")
            }
            (Some(message), None) => format!("{label}: {message} ({package})"),
            (None, _) => format!("{label}: not known, or too few to tell ({package})"),
        };
        Self {
            label,
            is_known: message.is_some(),
            message: message.unwrap_or_else(|| UNKNOWN.to_owned()),
            title,
            is_error: false,
        }
    }

    fn nothing() -> Self {
        Self {
            label: "badge",
            message: "not found".to_owned(),
            title: "badge: no such package or number, or not public".to_owned(),
            is_known: false,
            is_error: true,
        }
    }

    fn colour(&self) -> Colour {
        if self.is_known {
            Colour::Accent
        } else {
            Colour::Grey
        }
    }
}

impl Form {
    fn reply(self, shown: &Shown) -> Reply {
        match self {
            Self::Svg => viewer::picture("image/svg+xml", svg(shown)),
            Self::Json => json(shown).with("access-control-allow-origin", "*"),
        }
    }
}

fn svg(shown: &Shown) -> String {
    svg::draw(&Drawing {
        label: shown.label,
        message: &shown.message,
        title: &shown.title,
        colour: shown.colour(),
    })
}

/// The endpoint schema of shields.io, version 1.
fn json(shown: &Shown) -> Reply {
    let mut members = json!({
        "schemaVersion": 1,
        "label": shown.label,
        "message": shown.message,
        "color": shown.colour().as_str(),
        "cacheSeconds": CACHE_SECONDS,
    });
    if shown.is_error {
        members["isError"] = true.into();
    }
    Reply::json(200, &members)
}

#[cfg(test)]
mod tests;
