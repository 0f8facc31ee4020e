-- The metrics for each combination of the dimensions' values.
SELECT $select
FROM $table
WHERE $where
GROUP BY $dimensions
ORDER BY $order
LIMIT {limit:UInt64} OFFSET {offset:UInt64}
