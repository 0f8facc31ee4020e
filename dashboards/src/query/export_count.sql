-- How many events an export will hold.
SELECT count()
FROM events
WHERE $where
