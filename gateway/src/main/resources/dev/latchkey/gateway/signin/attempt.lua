-- Counts one sign-in attempt against one limit, before the password is looked at: parallel guesses cannot slip through.
--
-- KEYS 1 the counter, a hash { count, since }
-- ARGV 1 the limit   2 the window   3 the clock, or ''   (times in ms)
-- Returns 0 where the attempt may go on, else the milliseconds until the window ends.
--
-- Invariants: the count never passes the limit within a window; a refused attempt does not lengthen the window; each counter
-- ends by itself.

local key, limit, window = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local now = clock(ARGV[3])

local count = tonumber(redis.call('HGET', key, 'count') or '0')
local since = tonumber(redis.call('HGET', key, 'since') or '0')
if now - since >= window then
    count, since = 0, now
end
if count >= limit then
    return math.max(1, since + window - now)
end
redis.call('HSET', key, 'count', count + 1, 'since', string.format('%.0f', since))
redis.call('PEXPIRE', key, window)
return 0
