-- The first day with any event.
SELECT min(day) AS d0
FROM daily
WHERE $where
