-- Takes the subject out of a tombstone, which still says that its session has ended, when and why. Safe to be sent twice.
--
-- KEYS 1 a shard's tombstones
-- ARGV 1 sid   2 the clock, or ''   (ms)   then what every script is given last and this one does not look at
-- Returns { now }.

local tombstone = typed(redis.pcall('HGET', KEYS[1], ARGV[1]))
local rest = tombstone and string.match(tombstone, '^[^,]*,%d+,%d+,')
if rest then
    redis.call('HSET', KEYS[1], ARGV[1], rest)
end
return { clock(ARGV[2]) }
