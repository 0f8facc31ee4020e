-- How often each rule about audiences decided since `since`. A rule's name may be followed by a tag of the client.
SELECT splitByChar(',', toString(audience_reasons))[1] AS rule, count() AS events
FROM events
WHERE time >= {since:DateTime('UTC')} AND audience_reasons != ''
GROUP BY rule
ORDER BY events DESC, rule
LIMIT 1000
