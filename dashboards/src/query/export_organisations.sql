-- Events with columns of organisations, which are as an operator corrected them. That is done apart from the conditions,
-- which read the stored columns by the same names.
SELECT $select
FROM (
    SELECT * REPLACE ($organisation)
    FROM (SELECT * FROM events WHERE $where)
)
SETTINGS $settings
