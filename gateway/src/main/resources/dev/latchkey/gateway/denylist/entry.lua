-- What the denylist says of a session, and when. Reads only.
--
-- KEYS 1 its shard's denylist
-- ARGV 1 sid   2 the clock, or ''   (ms)
-- Returns { now, entry }, or { now } where there is none.

local now = clock(ARGV[2])
local entry = redis.call('HGET', KEYS[1], ARGV[1])
if entry then
    return { now, entry }
end
return { now }
