-- What organisations did by day; `by_day` of the table has these very expressions.
SELECT
    org_id,
    asn,
    day,
    sumIf(answered, kind = 'view') AS views,
    sumIf(answered, kind = 'download' AND audience != 'ci') AS downloads,
    sumIf(answered, kind = 'download' AND audience = 'ci') AS ci
FROM organisations
WHERE $where AND day <= {to:Date}
GROUP BY org_id, asn, day
HAVING views + downloads + ci > 0
