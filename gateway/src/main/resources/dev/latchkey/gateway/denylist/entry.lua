-- What the denylist says of a session, and when. Reads only.
--
-- KEYS 1 its shard's denylist
-- ARGV 1 sid   2 the clock, or ''   (ms)
-- Returns { now, entry }, or { now } where there is none. A key of another type holds none.

local now = clock(ARGV[2])
local entry = redis.pcall('HGET', KEYS[1], ARGV[1])
if type(entry) == 'table' and string.sub(entry.err, 1, 9) ~= 'WRONGTYPE' then
    return entry
end
if type(entry) == 'string' then
    return { now, entry }
end
return { now }
