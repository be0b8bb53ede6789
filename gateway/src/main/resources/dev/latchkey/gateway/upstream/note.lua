-- Notes something in a hash of notes that lives this long from now. Safe to be sent twice.
--
-- KEYS 1 the hash
-- ARGV 1 a field   2 its value, or 'now' for the time in ms   3 how long the hash lives (ms)   4 at most how many fields
--      5 the clock, or ''   (ms)
-- Returns { now, 1 where it was not there, else 0 }. With as many fields as are allowed, one of them makes room.

local key, field, value = KEYS[1], ARGV[1], ARGV[2]
local now = clock(ARGV[5])
local known = room(key, redis.pcall('HGET', key, field))
if not known and redis.call('HLEN', key) >= tonumber(ARGV[4]) then
    redis.call('HDEL', key, redis.call('HRANDFIELD', key, 1)[1])
end
redis.call('HSET', key, field, value == 'now' and string.format('%.0f', now) or value)
if redis.call('PTTL', key) < tonumber(ARGV[3]) then
    redis.call('PEXPIRE', key, ARGV[3])
end
return { now, known and 0 or 1 }
