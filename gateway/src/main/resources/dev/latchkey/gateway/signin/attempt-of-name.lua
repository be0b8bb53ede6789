-- Counts one sign-in attempt against the limit of its name. If that is reached, an attempt from a network that the name has
-- signed in from, or from a browser that holds a live session of it, is counted against a limit of its own.
--
-- KEYS 1 the name's counter   2 the networks that it has signed in from, a hash of network to time   3 the counter of this
--      network   4 the counter of the browser's session, if it holds a live one
-- ARGV 1 the name's limit   2 the window of all   3 this network   4 how long a network is remembered   5 the limit of an
--      exempt network or browser   6 the clock, or ''   (times in ms)
-- Returns { which of the keys counted, or 0 for none; 0, or the milliseconds until the window of the name's limit ends }.

local window, now = tonumber(ARGV[2]), clock(ARGV[6])
local wait = take(KEYS[1], tonumber(ARGV[1]), window, now)
if wait == 0 then
    return { 1, 0 }
end
local seen = tonumber(typed(redis.pcall('HGET', KEYS[2], ARGV[3])) or '') or 0
if now - seen < tonumber(ARGV[4]) and take(KEYS[3], tonumber(ARGV[5]), window, now) == 0 then
    return { 3, wait }
end
if KEYS[4] and take(KEYS[4], tonumber(ARGV[5]), window, now) == 0 then
    return { 4, wait }
end
return { 0, wait }
