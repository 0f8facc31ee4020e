-- How many organisations went how far from the docs to using the package, each step after the one before it, and the
-- median of days between. Steps of one hour count as in order. Times are seconds since 1970; 0 is never.
WITH (
    SELECT count()
    FROM events
    WHERE $where AND time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}
        AND kind = 'custom' AND status < 400 AND props['event'] = 'copy'
) AS copied
SELECT
    countIf(is_new) AS m0,
    countIf(is_new AND installing != 0) AS m1,
    countIf(is_new AND copying != 0) AS m2,
    countIf(is_new AND downloading != 0) AS m3,
    countIf(is_new AND downloading != 0 AND downloading + 2419200 <= toUnixTimestamp({now:DateTime('UTC')})) AS m4,
    countIf(is_new AND downloading != 0 AND staying) AS m5,
    countIf(NOT is_new) AS m6,
    ifNull(any(copied), 0) AS m7,
    round(quantileExactIf(0.5)((installing - reading) / 86400, is_new AND installing != 0), 3) AS m8,
    round(quantileExactIf(0.5)((copying - installing) / 86400, is_new AND copying != 0), 3) AS m9,
    round(quantileExactIf(0.5)((downloading - copying) / 86400, is_new AND downloading != 0), 3) AS m10
FROM (
    SELECT
        reading,
        first_download = toDate(0) OR first_download >= toDate(toDateTime(reading, 'UTC')) AS is_new,
        arrayFirst(at -> at >= reading, installs) AS installing,
        -- Where no page sends what is copied, the step says nothing and holds nobody back.
        multiIf(installing = 0, 0, copied = 0, installing, arrayFirst(at -> at >= installing, copies)) AS copying,
        if(copying = 0, 0, arrayFirst(at -> at >= copying, downloads)) AS downloading,
        arrayExists(at -> at >= downloading + 2419200, downloads) AS staying
    FROM (
        SELECT
            $key AS organisation,
            minIf(hour, kind = 'view' AND time < {to:DateTime('UTC')}) AS reading,
            arraySort(groupUniqArrayIf(hour, kind = 'view' AND match(page, {install:String}))) AS installs,
            arraySort(groupUniqArrayIf(hour, kind = 'custom')) AS copies,
            arraySort(groupUniqArrayIf(hour, kind = 'download')) AS downloads
        FROM (
            SELECT
                *,
                toUnixTimestamp(toStartOfHour(time)) AS hour
            FROM events
            WHERE $where AND time >= {from:DateTime('UTC')} AND org_id != 0 AND status < 400
                AND audience NOT IN ('mirror', 'bot', 'proxy')
                AND (kind IN ('view', 'download') OR (kind = 'custom' AND props['event'] = 'copy'))
        )
        GROUP BY organisation
        HAVING organisation != '' AND reading != 0
    ) AS steps
    LEFT JOIN $first_downloads AS adopters USING (organisation)
)
