-- Keeps how long sessions can live by the configuration of any node, now or before: a session that began under a longer timeout keeps
-- its own end, and what denies its user must last as long. Safe to be sent twice.
--
-- KEYS 1 the longest life: "life,until", until being when no session can be alive that began under it
-- ARGV 1 how long a session can live that begins now   2 the longest life that this node knows of and 3 until when, or 0
--      4 the clock, or ''   (times in ms)   then what every script is given last and this one does not look at
-- Returns { now, life, until }. Where Redis takes no writes, it is the answer all the same.

local HOUR = 3600000

local key, mine, known, knownUntil = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local now = clock(ARGV[4])

local life, ends = string.match(room(key, redis.pcall('GET', key)) or '', '^(%d+),(%d+)$')
life, ends = tonumber(life) or 0, tonumber(ends) or 0
local before, untilBefore = life, ends
if ends <= now then
    life = 0
end
if knownUntil > now and known > life then
    life, ends = known, knownUntil
end
-- It is asked once an hour at least; until it is again, more sessions begin.
if mine > life or mine == life and ends < now + mine + HOUR then
    life, ends = mine, now + mine + 2 * HOUR
end
if life ~= before or ends ~= untilBefore then
    redis.pcall('SET', key, string.format('%.0f,%.0f', life, ends), 'PX', string.format('%.0f', ends - now))
end
return { now, life, ends }
