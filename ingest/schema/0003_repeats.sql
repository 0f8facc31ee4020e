-- A kind more: `repeat`, a download that the same client was given moments ago.
--
-- Numbers stay what they were and one is added, so nothing stored is read or written again, although
-- the column is part of both sort orders. The view takes its columns as they come from `events` and
-- needs no change. What was stored before has every repeat as a download.
ALTER TABLE daily MODIFY COLUMN kind Enum8('download' = 1, 'check' = 2, 'metadata' = 3, 'inspect' = 4, 'mirror' = 5, 'script' = 6, 'install_ping' = 7, 'view' = 8, 'custom' = 9, 'broken_link' = 10, 'repeat' = 11);

ALTER TABLE events MODIFY COLUMN kind Enum8('download' = 1, 'check' = 2, 'metadata' = 3, 'inspect' = 4, 'mirror' = 5, 'script' = 6, 'install_ping' = 7, 'view' = 8, 'custom' = 9, 'broken_link' = 10, 'repeat' = 11);
