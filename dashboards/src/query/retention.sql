-- Organisations by the month of their first download, and how many of them downloaded in each month after it. The
-- last column is the first day that anything is known of.
SELECT
    toString(cohort) AS d0,
    dateDiff('month', cohort, month) AS d1,
    count() AS m0,
    (SELECT toString(min(day)) FROM organisations WHERE $where) AS d2
FROM (
    SELECT
        organisation,
        month,
        min(month) OVER (PARTITION BY organisation) AS cohort
    FROM (
        SELECT
            $key AS organisation,
            toStartOfMonth(day) AS month
        FROM organisations
        WHERE $where AND kind = 'download' AND answered > 0 AND audience NOT IN ('mirror', 'bot', 'proxy')
        GROUP BY organisation, month
        HAVING organisation != ''
    )
)
WHERE cohort >= {from:Date}
GROUP BY cohort, d1
ORDER BY cohort, d1
