-- The first day with anything counted.
SELECT min(day) AS d0
FROM $table
WHERE $where
