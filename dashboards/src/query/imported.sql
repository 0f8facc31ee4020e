-- What registries counted, by source and day; versions and countries are added up. A day that was imported
-- again replaced the one before.
SELECT
    source,
    package,
    toString(day) AS date,
    toString(span),
    sum(downloads)
FROM imported_totals FINAL
WHERE $where AND day >= {from:Date} AND day < {to:Date}
GROUP BY source, package, day, span
ORDER BY source, package, day, span
LIMIT {limit:UInt64}
