-- Takes one request out of a bucket that fills evenly (the generic cell rate algorithm): one number a bucket, and no window
-- at whose end all clients come at once.
--
-- KEYS 1 the bucket: the time at which it is full again
-- ARGV 1 the time between two requests at the steady rate   2 how many the bucket holds   3 the clock, or ''   (times in ms)
-- Returns 0 if the request may go on, else the milliseconds until one may.
--
-- Invariants: in any span at most ARGV 2 + span / ARGV 1 requests go on; a rejected request changes nothing, except that a
-- bucket is never emptier than empty: so a clock that went back, or a changed rate, costs at most one empty bucket; a full
-- bucket has no key.

local key, interval, holds = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local now = exact(ARGV[3])

local function keep(full)
    redis.call('SET', key, string.format('%.3f', full), 'PX', string.format('%.0f', math.ceil(full - now)))
end

-- What is not a number, or of another type, is overwritten.
local kept = redis.pcall('GET', key)
if type(kept) == 'table' and string.sub(kept.err, 1, 9) ~= 'WRONGTYPE' then
    return kept
end
local full, empty = type(kept) == 'string' and tonumber(kept) or 0, now + interval * holds
if full > empty then
    full = empty
    keep(full)
end
full = math.max(now, full) + interval
if full - empty > 0.001 then
    return math.max(1, math.ceil(full - empty))
end
keep(full)
return 0
