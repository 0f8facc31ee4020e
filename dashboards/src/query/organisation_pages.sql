-- Pages that an organisation read for the first time until a day, in that order.
SELECT
    page AS d0,
    toString(min(first_day)) AS d1,
    toString(max(last_day))
FROM organisation_pages
WHERE $where
GROUP BY d0
HAVING min(first_day) <= {to:Date}
ORDER BY d1, d0
LIMIT {limit:UInt64}
