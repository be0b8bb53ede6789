-- The return path that was kept. Reads only.
--
-- KEYS 1 where it is kept
-- Returns { the path, or '' if there is none any more }.

return { redis.call('GET', KEYS[1]) or '' }
