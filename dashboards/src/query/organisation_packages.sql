-- Packages that an organisation uses, most downloads first.
SELECT
    package AS d0,
    sumIf(answered, kind = 'view'),
    sumIf(answered, kind = 'download' AND audience != 'ci') AS m0,
    sumIf(answered, kind = 'download' AND audience = 'ci') AS m1,
    toString(min(day)),
    toString(max(day))
FROM organisations
WHERE $where AND kind IN ('download', 'view') AND answered > 0
GROUP BY d0
ORDER BY m0 + m1 DESC, d0
LIMIT {limit:UInt64}
