-- The versions of interpreters that downloaded since a time.
SELECT DISTINCT toString(runtime_version) AS d0, '' AS d1
FROM events
WHERE $where AND time >= {from:DateTime('UTC')} AND runtime_version != ''
ORDER BY d0
