-- What the denylist says of a session, and when. Reads only.
--
-- KEYS 1 its shard's denylist
-- ARGV 1 sid   2 the clock, or ''   (ms)
-- Returns { now, entry }, or { now } where there is none. A key of another type holds none.

local now = clock(ARGV[2])
local entry = typed(redis.pcall('HGET', KEYS[1], ARGV[1]))
return entry and { now, entry } or { now }
