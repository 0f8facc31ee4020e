-- The metrics over the whole period.
SELECT $select
FROM $table
WHERE $where
