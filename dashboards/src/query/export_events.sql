-- Events as they are stored, one row each, in no order: nothing is held back, so memory stays flat.
SELECT $select
FROM (SELECT * FROM events WHERE $where)
SETTINGS $settings
