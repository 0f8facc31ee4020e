-- Every organisation: who it is, when it first and last did something, what it did in a period and lately, and what the
-- rules of stages ask. Rows are added up under the numbers they were stored with; only what is left is corrected.
SELECT
    $key AS d0,
    argMax($name, last_day),
    argMax($domain, last_day),
    argMax($type, last_day),
    argMax($confidence, last_day),
    toString(min(first_day)),
    toString(max(last_day)),
    sum(period_views),
    sum(period_downloads) AS m0,
    sum(period_ci) AS m1,
    length(groupUniqArrayArray(packages)),
    sum(lately),
    sum(earlier),
    [$tallies]$more
FROM (
    SELECT
        org_id,
        asn,
        min(day) AS first_day,
        max(day) AS last_day,
        sumIf(views, day >= {from:Date}) AS period_views,
        sumIf(downloads, day >= {from:Date}) AS period_downloads,
        sumIf(ci, day >= {from:Date}) AS period_ci,
        sumIf(views + downloads + ci, day > {to:Date} - {window:UInt64}) AS lately,
        sumIf(views + downloads + ci, day <= {to:Date} - {window:UInt64} AND day > {to:Date} - 2 * {window:UInt64}) AS earlier$counts
    FROM (
$days
    )
    GROUP BY org_id, asn
) AS done
INNER JOIN (
$known
) AS known USING (org_id, asn)
GROUP BY d0
HAVING d0 != ''$one
ORDER BY m0 + m1 DESC, d0
LIMIT {limit:UInt64}
