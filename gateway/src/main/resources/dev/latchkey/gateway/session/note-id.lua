-- Notes which session has a public id, until the session would end by itself. Safe to be sent twice.
--
-- KEYS 1 the hash for the beginning of the public id: public id to "expires,sid", in seconds
-- ARGV 1 public id   2 sid   3 how long the session can live   4 the clock, or ''   (times in ms)
-- Returns { now }. What has expired is removed here, a few at a time.

local ids, life = KEYS[1], tonumber(ARGV[3])
local now = clock(ARGV[4])

room(ids, redis.pcall('HLEN', ids))
redis.call('HSET', ids, ARGV[1], integer(math.floor((now + life) / 1000)) .. ',' .. ARGV[2])
extend(ids, life)
evictExpired(ids, '^(%d+),', 1000, now, EVICTED)
return { now }
