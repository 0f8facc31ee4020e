-- The metrics in each bucket of time; buckets without events are missing here.
SELECT $select
FROM $table
WHERE $where
GROUP BY d0
ORDER BY d0
