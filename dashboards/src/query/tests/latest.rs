//! Statements about events as they arrive.

use super::*;

#[test]
fn events_as_they_arrive_are_limited_by_package_and_named_as_corrections_say() {
    let target = Target::Package("acme/rocket".to_owned());
    let sql = latest_of_each(&target, now(), 20, 500).to_string();
    let sql = sql.replace(organisation::NAME, "…");
    insta::assert_snapshot!(sql, @r#"
    -- The newest events, one row each; within a minute the last one stored comes first. Organisations are named as
    -- corrections say.
    SELECT
        lower(hex(event_id)),
        toUnixTimestamp(time),
        toString(kind),
        package,
        version,
        client,
        client_version,
        os,
        arch,
        country,
        toString(audience),
        artifact,
        status,
        route,
        …
    FROM events
    WHERE package = {package:String} AND time >= {since:DateTime('UTC')}
    ORDER BY time DESC, batch_id DESC, event_id DESC
    LIMIT {each:UInt64} BY package
    LIMIT {limit:UInt64}
    -- package = "acme/rocket"
    -- since = "2026-11-21 09:15:00"
    -- limit = 500
    -- each = 20
    "#);
    assert_eq!(
        latest(&target, now(), 500).text,
        latest_of_each(&target, now(), 20, 500)
            .text
            .replace("LIMIT {each:UInt64} BY package\n", "")
    );
    let recent = now() - jiff::SignedDuration::from_mins(4);
    let minutes = live_minutes(&Target::All, now(), recent).to_string();
    let usual = usual_hour(&target, now()).to_string();
    insta::assert_snapshot!(format!("{minutes}\n\n{usual}"), @r#"
    -- Each package's last minutes: people and events of each, and in a row of minute 0 the people of the last few
    -- minutes together, where somebody who came in two of them counts once.
    SELECT package, toUnixTimestamp(time), uniqExactIf(visitor, audience = 'people' AND visitor != 0), count()
    FROM events
    WHERE 1 AND time >= {since:DateTime('UTC')} AND kind IN ('download', 'view') AND status < 400
    GROUP BY package, time
    UNION ALL
    SELECT package, 0, uniqExactIf(visitor, audience = 'people' AND visitor != 0), count()
    FROM events
    WHERE 1 AND time >= {now:DateTime('UTC')} AND kind IN ('download', 'view') AND status < 400
    GROUP BY package
    -- since = "2026-11-21 09:15:00"
    -- now = "2026-11-21 09:11:00"

    -- How many events the middle one of the hours since `since` had, hours without any included.
    SELECT quantileExactWeighted(0.5)(events, weight)
    FROM (
        SELECT sum(requests) AS events, toUInt64(1) AS weight
        FROM hourly
        WHERE package = {package:String} AND hour >= {since:DateTime('UTC')} AND hour < {until:DateTime('UTC')}
        GROUP BY hour
        UNION ALL
        SELECT 0, toUInt64({hours:UInt64} - least({hours:UInt64}, uniqExact(hour)))
        FROM hourly
        WHERE package = {package:String} AND hour >= {since:DateTime('UTC')} AND hour < {until:DateTime('UTC')}
    )
    -- package = "acme/rocket"
    -- since = "2026-11-14 09:00:00"
    -- until = "2026-11-21 09:00:00"
    -- hours = 168
    "#);
}
