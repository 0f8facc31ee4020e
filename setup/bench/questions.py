"""The questions that the page asks, as its panels put them."""

PACKAGE = "acme/rocket"
PEOPLE_AND_CI = [["is_not", "audience", ["mirror", "updater", "bot", "proxy", "unknown"]]]


def _question(metrics: list[str], dimensions: list[str] = (), **more) -> dict:
    return {"metrics": metrics, "dimensions": list(dimensions), "filters": PEOPLE_AND_CI, **more}


def _breakdown(*dimensions: str, metric: str = "downloads", limit: int = 10) -> dict:
    include = {"compare": "previous_period"}
    return _question([metric], dimensions, include=include, pagination={"limit": limit})


QUESTIONS = {
    "key numbers, compared": _question(
        ["downloads", "requests", "people", "views", "versions", "checks", "bytes"], include={"compare": "previous_period"}
    ),
    "downloads over time, releases": _question(["downloads"], ["time:day"], include={"time_labels": True, "releases": True}),
    "people over time": _question(["people"], ["time:day"], include={"time_labels": True}),
    "share of major versions": _question(
        ["downloads"], ["time:day", "version_major"], filters=[*PEOPLE_AND_CI, ["is_not", "version_major", [""]]]
    ),
    "map": _question(["downloads"], ["country"], pagination={"limit": 300}),
    "versions": _breakdown("version"),
    "versions, by people": _breakdown("version", metric="people"),
    "clients": _breakdown("client"),
    "platforms": _breakdown("os", "arch"),
    "files": _breakdown("artifact"),
    "countries": _breakdown("country"),
    "audience": _breakdown("audience"),
    "sources of views": _breakdown("source", metric="views"),
    "pages": _breakdown("page", metric="views"),
    "one country's clients": {
        **_breakdown("client"),
        "filters": [*PEOPLE_AND_CI, ["is", "country", ["CH"]]],
    },
    "packages": _question(["downloads", "people"], ["package"], pagination={"limit": 100}),
}


def asked(question: dict, site: str, days: str | list[str], zone: str) -> dict:
    """The question about a package or all, over a range, in a time zone."""
    return {"site_id": site, "date_range": days, "timezone": zone, **question}
