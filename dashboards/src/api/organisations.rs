//! Organisations of a package, or of all: a list to search, and one of them with its history.

use std::collections::HashMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Shared;
use super::failure::{ErrorBody, ErrorCode, Failure, no_such_package};
use super::stages::Reason;
use crate::accounts::Caller;
use crate::answers::{AskError, LIVE, PAST};
use crate::organisations::{
    self, Day, Listed, Listing, Profile, Sort, Sources, Stage, Standing, Standings, Wish, date_of,
    day_of, seen_of,
};
use crate::query::{self, Target, Which};

/// Most organisations that are looked through.
const MOST_SEEN: u64 = 20_000;
/// Most rows of one page.
const MOST_ROWS: usize = 10_000;
/// Most organisations that a statement names.
const MOST_KEYS: usize = 500;
/// Days of the period when the question does not say.
const PERIOD_DAYS: i64 = 28;

/// Which organisations.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// Package name, or `*` for all.
    #[serde(default = "super::organisations::all")]
    #[param(default = "*")]
    package: String,
    /// First UTC day of the period whose downloads are counted; 27 days before the last unless given.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Its last day, as of which stages and statuses are; today unless given.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Part of the name or domain.
    #[serde(default)]
    search: String,
    /// business, education, government or nonprofit.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Least confidence in percent.
    #[serde(default)]
    confidence: u64,
    /// How the last 28 days compare with the 28 before.
    #[param(inline)]
    status: Option<Standing>,
    /// How far they have come.
    #[param(inline)]
    stage: Option<Stage>,
    /// What they are sorted by.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Smallest first.
    #[serde(default)]
    ascending: bool,
    /// Most rows, 10,000 at most.
    #[serde(default = "default_limit")]
    #[param(default = 50, maximum = 10000)]
    limit: usize,
    /// Rows to skip.
    #[serde(default)]
    offset: usize,
}

pub(super) fn all() -> String {
    "*".to_owned()
}

fn default_limit() -> usize {
    50
}

/// A page of organisations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganisationPage {
    /// Those of the page.
    organisations: Vec<Organisation>,
    /// How many there are on all pages.
    total: usize,
    /// How those stand that fit everything but `status`; who did nothing for 56 days is none of them.
    status: Standings,
    /// First day of the period.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    to: Date,
    /// Whether there are more organisations than are looked through.
    incomplete: bool,
}

/// An organisation, as the operator corrected it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Organisation {
    /// What tells it apart: its domain, or its name where it has none.
    key: String,
    /// Its name.
    name: String,
    /// Its domain; may be empty.
    domain: String,
    /// business, education, government, nonprofit.
    r#type: String,
    /// How sure the match is, in percent.
    confidence: u64,
    /// How the last 28 days compare with the 28 before; null where nothing happened in either.
    #[schema(nullable)]
    status: Option<Standing>,
    /// How far it has come; null where no rule holds.
    #[schema(nullable)]
    stage: Option<Stage>,
    /// Why, in a sentence.
    because: String,
    /// Downloads of the period.
    downloads: u64,
    /// Those of build services among them.
    ci: u64,
    /// Pages read in the period.
    views: u64,
    /// Version of its last download.
    latest_version: String,
    /// How many packages it uses.
    packages: u64,
    /// First day of a download or a page, as far back as rollups reach.
    #[schema(value_type = String, format = Date)]
    first_seen: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    last_seen: Date,
}

impl Organisation {
    /// One of a list, with the latest versions by what tells organisations apart.
    fn told(listed: Listed, versions: &HashMap<String, String>) -> Self {
        let Listed {
            seen,
            standing,
            reason,
        } = listed;
        let latest_version = versions.get(&seen.key).cloned().unwrap_or_default();
        Self {
            key: seen.key,
            name: seen.name,
            domain: seen.domain,
            r#type: seen.kind,
            confidence: seen.confidence,
            status: standing,
            stage: reason.as_ref().map(|reason| reason.stage),
            because: reason.map_or_else(String::new, |reason| reason.to_string()),
            downloads: seen.period.downloads.saturating_add(seen.period.ci),
            ci: seen.period.ci,
            views: seen.period.views,
            latest_version,
            packages: seen.packages,
            first_seen: date_of(seen.first),
            last_seen: date_of(seen.last),
        }
    }
}

/// Organisations of a package or of all packages, as of a day.
#[utoipa::path(get, path = "/organisations", tag = "numbers", params(Wanted), responses(
    (status = 200, description = "a page of them", body = OrganisationPage),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "a package that a guest may not see, or that is not there", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn list(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<OrganisationPage>, Failure> {
    let Query(wanted) = wanted?;
    let target = target(&wanted.package, &caller)?;
    let today = today(&dashboard);
    let to = wanted.to.unwrap_or(today).min(today);
    let from = wanted
        .from
        .unwrap_or_else(|| to.saturating_sub((PERIOD_DAYS - 1).days()));
    if from > to {
        let said = "from: the period ends before it begins";
        return Err(Failure::new(ErrorCode::InvalidParameter, said));
    }
    let rules = dashboard.stages.rules();
    let tallies = rules.tallies();
    let question = query::Wanted {
        from,
        to,
        is_now: to == today,
        window: organisations::WINDOW_DAYS.unsigned_abs().into(),
        tallies: &tallies,
        one: None,
    };
    let lasts = if to == today { LIVE } else { PAST };
    let sql = query::organisations(&target, &question, MOST_SEEN);
    let rows = dashboard.answers.rows(sql, lasts).await?;
    let seen = seen_of(&rows.cells, &tallies, day_of(to)).map_err(AskError::from)?;
    let incomplete = seen.len() as u64 == MOST_SEEN;
    let listing = Listing::of(seen, &rules, day_of(to), &wish(wanted));
    let keys = listing.page.iter().map(|listed| listed.seen.key.clone());
    let keys: Vec<_> = keys.collect();
    let versions = latest_versions(&dashboard, &target, Which::Keys(&keys), to).await?;
    let told = listing.page.into_iter();
    let told = told.map(|listed| Organisation::told(listed, &versions));
    Ok(Json(OrganisationPage {
        organisations: told.collect(),
        total: listing.total,
        status: listing.standings,
        from,
        to,
        incomplete,
    }))
}

fn wish(wanted: Wanted) -> Wish {
    Wish {
        search: wanted.search,
        kind: wanted.kind.filter(|kind| !kind.is_empty()),
        confidence: wanted.confidence,
        standing: wanted.status,
        stage: wanted.stage,
        sort: wanted.sort,
        ascending: wanted.ascending,
        limit: wanted.limit.min(MOST_ROWS),
        offset: wanted.offset,
    }
}

/// The version that organisations downloaded last, by what tells each apart. Of many it is better to look through all.
async fn latest_versions(
    dashboard: &Shared,
    target: &Target,
    which: Which<'_>,
    to: Date,
) -> Result<HashMap<String, String>, Failure> {
    let which = match which {
        Which::Keys([]) => return Ok(HashMap::new()),
        Which::Keys(keys) if keys.len() > MOST_KEYS => Which::All,
        which => which,
    };
    let sql = query::organisation_versions(target, which, to);
    let rows = dashboard.answers.rows(sql, PAST).await?;
    let versions = rows.cells.iter().filter_map(|row| match row.as_slice() {
        [key, version] => Some((query::text(key), query::text(version))),
        _ => None,
    });
    Ok(versions.collect())
}

/// The packages that somebody asks about, as far as they may see them.
fn target(package: &str, caller: &Caller) -> Result<Target, Failure> {
    let target = match package {
        "*" => Target::All,
        name => Target::Package(name.to_owned()),
    };
    target.within(&caller.packages).ok_or_else(no_such_package)
}

/// The UTC day.
fn today(dashboard: &Shared) -> Date {
    let now = (dashboard.clock)();
    now.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Which organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct One {
    /// Package name, or `*` for all.
    #[serde(default = "super::organisations::all")]
    #[param(default = "*")]
    package: String,
    /// Its `key`.
    organisation: String,
}

/// One organisation, with all that is known of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrganisationProfile {
    /// Who it is, and what it did in the last 28 days.
    organisation: Organisation,
    /// Codes of what the match rests on, in words of docs/organisations.md.
    evidence: String,
    /// The numbers that its events were stored under, which corrections name.
    ids: Vec<u32>,
    /// Why it is at its stage; null where no rule holds.
    #[schema(nullable)]
    reason: Option<Reason>,
    /// UTC days on which it did something, earliest first.
    days: Vec<DayDone>,
    /// Its stages over time as today's rules have them, without gaps until today.
    stages: Vec<StageSpan>,
    /// Pages that it read within 90 days of its first day, in that order; at most 200.
    pages: Vec<PageRead>,
    /// Packages that it uses, most downloads first, of those that whoever asks may see.
    packages: Vec<PackageUsed>,
}

/// What it did on a day.
#[derive(Debug, Serialize, ToSchema)]
struct DayDone {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// Pages read.
    views: u64,
    /// Downloads, those of build services among them.
    downloads: u64,
    /// Downloads of build services.
    ci: u64,
}

/// Days in a row at one stage.
#[derive(Debug, Serialize, ToSchema)]
struct StageSpan {
    /// Null where no rule held.
    #[schema(nullable)]
    stage: Option<Stage>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    first: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    last: Date,
}

/// A page that it read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PageOfOrganisation)]
struct PageRead {
    /// Path or address.
    page: String,
    /// First day.
    #[schema(value_type = String, format = Date)]
    first_day: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    last_day: Date,
}

/// A package that it uses.
#[derive(Debug, Serialize, ToSchema)]
struct PackageUsed {
    /// Its name.
    package: String,
    /// Downloads, those of build services among them.
    downloads: u64,
    /// Downloads of build services.
    ci: u64,
    /// Pages read.
    views: u64,
    /// First day.
    #[schema(value_type = String, format = Date)]
    first_seen: Date,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    last_seen: Date,
}

/// Days after its first on which pages that an organisation reads are told.
const READING_DAYS: Day = 90;

/// One organisation. Its versions over time are a question: `version` by `time:week` with a filter on
/// `organisation_domain`, or on `organisation` where it has no domain.
#[utoipa::path(get, path = "/organisation", tag = "numbers", params(One), responses(
    (status = 200, description = "all that is known of it", body = OrganisationProfile),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 401, description = "not signed in", body = ErrorBody),
    (status = 404, description = "no such package or organisation, or one that a guest may not see", body = ErrorBody),
    (status = 503, description = "ClickHouse is not reachable, not ready or busy; `Retry-After` says when to ask again", body = ErrorBody),
    (status = 504, description = "ClickHouse took longer than 15 s", body = ErrorBody),
))]
pub(crate) async fn show(
    caller: Caller,
    State(dashboard): State<Shared>,
    wanted: Result<Query<One>, QueryRejection>,
) -> Result<Json<OrganisationProfile>, Failure> {
    let Query(One {
        package,
        organisation,
    }) = wanted?;
    let target = target(&package, &caller)?;
    let all = Target::All
        .within(&caller.packages)
        .ok_or_else(no_such_package)?;
    let today = today(&dashboard);
    let rules = dashboard.stages.rules();
    let tallies = rules.tallies();
    let question = query::Wanted {
        from: date_of(day_of(today) - organisations::WINDOW_DAYS + 1),
        to: today,
        is_now: true,
        window: organisations::WINDOW_DAYS.unsigned_abs().into(),
        tallies: &tallies,
        one: Some(&organisation),
    };
    let rows = |sql, lasts| dashboard.answers.rows(sql, lasts);
    let found = rows(query::organisations(&target, &question, 1), LIVE).await?;
    let row = found.cells.first().ok_or_else(no_such_organisation)?;
    let sources = Sources::of(row).map_err(AskError::from)?;
    let seen = seen_of(&found.cells, &tallies, day_of(today)).map_err(AskError::from)?;
    let seen = seen.into_iter().next().ok_or_else(no_such_organisation)?;
    let until = date_of(seen.first + READING_DAYS - 1);
    let numbers = &sources.numbers;
    let (days, pages, packages, versions) = tokio::join!(
        rows(query::organisation_activity(&target, numbers, today), LIVE),
        rows(query::organisation_pages(&target, numbers, until), PAST),
        rows(query::organisation_packages(&all, numbers), PAST),
        latest_versions(&dashboard, &target, Which::Sources(numbers), today),
    );
    let profile = Profile::of(&days?.cells, &pages?.cells, &packages?.cells, sources);
    let profile = profile.map_err(AskError::from)?;
    let listed = Listed::judged(seen, &rules, day_of(today));
    let stages = organisations::history(&rules, &profile.activity, day_of(today));
    Ok(Json(told(listed, &versions?, profile, stages)))
}

fn no_such_organisation() -> Failure {
    Failure::new(
        ErrorCode::NoSuchOrganisation,
        "there is no such organisation",
    )
}

fn told(
    listed: Listed,
    versions: &HashMap<String, String>,
    profile: Profile,
    stages: Vec<organisations::Span>,
) -> OrganisationProfile {
    let days = profile.activity.days().iter().map(|(day, done)| DayDone {
        day: date_of(*day),
        views: done.views,
        downloads: done.count(organisations::What::Downloads),
        ci: done.ci,
    });
    let days = days.collect();
    let numbers = profile.sources.numbers.iter();
    let mut ids: Vec<_> = numbers.map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    OrganisationProfile {
        reason: listed.reason.as_ref().map(Reason::from),
        organisation: Organisation::told(listed, versions),
        evidence: profile.sources.evidence,
        ids,
        days,
        stages: stages.into_iter().map(span).collect(),
        pages: profile.pages.into_iter().map(page).collect(),
        packages: profile.packages.into_iter().map(used).collect(),
    }
}

fn span(span: organisations::Span) -> StageSpan {
    StageSpan {
        stage: span.stage,
        first: date_of(span.first),
        last: date_of(span.last),
    }
}

fn page(read: organisations::Page) -> PageRead {
    PageRead {
        page: read.path,
        first_day: date_of(read.first),
        last_day: date_of(read.last),
    }
}

fn used(used: organisations::Used) -> PackageUsed {
    PackageUsed {
        package: used.package,
        downloads: used.done.count(organisations::What::Downloads),
        ci: used.done.ci,
        views: used.done.views,
        first_seen: date_of(used.first),
        last_seen: date_of(used.last),
    }
}
