/** Statements to start from. Each answers what the pivot cannot: in order, joined, or over packages. */

export const EXAMPLES = ['busiest', 'old', 'several', 'thousandth', 'failed'] as const;
export type Example = (typeof EXAMPLES)[number];

/** The statement of an example, about one package where it is about one. */
export function exampleSql(example: Example, packageName: string): string {
	return STATEMENTS[example](`'${packageName.replace(/[\\']/g, '\\$&')}'`);
}

/** By the package as a literal. */
const STATEMENTS: Record<Example, (name: string) => string> = {
	busiest: (name) => `SELECT
    toDayOfWeek(hour) AS weekday,
    toHour(hour) AS hour_utc,
    sum(answered) AS downloads
FROM hourly
WHERE package = ${name} AND kind = 'download' AND hour > now() - INTERVAL 28 DAY
GROUP BY weekday, hour_utc
ORDER BY downloads DESC`,

	old: (name) => `SELECT
    events.version AS version,
    client,
    toDate(any(first_seen)) AS first_seen_on,
    count() AS downloads
FROM events
JOIN releases ON releases.package = events.package AND releases.version = events.version
WHERE events.package = ${name} AND kind = 'download' AND status < 400
    AND first_seen < now() - INTERVAL 6 MONTH
GROUP BY version, client
ORDER BY downloads DESC`,

	several: () => `SELECT
    any(org_name) AS organisation,
    uniqExact(package) AS packages,
    arraySort(groupUniqArray(package)) AS names,
    max(day) AS last_day
FROM organisations
WHERE kind = 'download'
GROUP BY org_id
HAVING packages > 1
ORDER BY packages DESC, last_day DESC`,

	thousandth: (name) => `WITH days AS (
    SELECT version, day, sum(sum(answered)) OVER (PARTITION BY version ORDER BY day) AS so_far
    FROM daily
    WHERE package = ${name} AND kind = 'download' AND version != ''
    GROUP BY version, day
)
SELECT
    version,
    min(day) AS first_day,
    minIf(day, so_far >= 1000) AS thousandth,
    thousandth - first_day AS days_needed
FROM days
GROUP BY version
HAVING max(so_far) >= 1000
ORDER BY first_day DESC`,

	failed: (name) => `SELECT
    status,
    artifact,
    client,
    count() AS requests,
    max(time) AS last_time
FROM events
WHERE package = ${name} AND status >= 400
GROUP BY status, artifact, client
ORDER BY requests DESC
LIMIT 100`
};
