-- Counts a right password of a name, remembers the network that it came from and gives back what it was counted as.
--
-- KEYS 1 the name's successes   2 the networks that it has signed in from, a hash of network to time   3 the counter that the
--      attempt went to
-- ARGV 1 the limit of successes   2 its window   3 this network   4 how long a network is remembered   5 how many are
--      remembered   6 the clock, or ''   (times in ms)
-- Returns 0, or the milliseconds until the window ends if there were too many successes; then nothing is changed.

local networks, life, now = KEYS[2], ARGV[4], clock(ARGV[6])
local wait = take(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), now)
if wait > 0 then
    return wait
end
room(networks, redis.pcall('HLEN', networks))
redis.call('HSET', networks, ARGV[3], string.format('%.0f', now))
redis.call('PEXPIRE', networks, life)
if redis.call('HLEN', networks) > tonumber(ARGV[5]) then
    local all = redis.call('HGETALL', networks)
    local oldest = 1
    for i = 1, #all, 2 do
        oldest = (tonumber(all[i + 1]) or 0) < (tonumber(all[oldest + 1]) or 0) and i or oldest
    end
    redis.call('HDEL', networks, all[oldest])
end
if (tonumber(typed(redis.pcall('HGET', KEYS[3], 'count')) or '') or 0) > 0 then
    redis.call('HINCRBY', KEYS[3], 'count', -1)
end
return 0
