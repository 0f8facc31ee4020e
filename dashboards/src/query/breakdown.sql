-- The metrics for each combination of the dimensions' values; combinations without any are left out.
SELECT $select
FROM $table
WHERE $where
GROUP BY $dimensions
HAVING $any
ORDER BY $order
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
