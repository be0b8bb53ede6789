-- Lets one word a second, from whichever node, pass through this master to all who listen. Safe to be sent twice.
--
-- KEYS 1 where this master's last word stands, in a slot of its own
-- ARGV 1 a word that nobody else says   2 how old the last word may be, in ms   3 the clock, or ''   (ms)
--      4 on which channels it must pass (publish.lua), as "beat,key,word", behind all that this master published there before
-- Returns { now, word, age }: the last word that passed there, this one or another, and its age in ms.
--
-- It writes where the last word is too old, and else some node wrote just now: an answer tells that writes are taken. The
-- age counts by this server's own clock, whatever the argument says.

local key, word, oldest = KEYS[1], ARGV[1], tonumber(ARGV[2])
local now, here, how = clock(ARGV[3]), exact(''), ARGV[4]

local at, last, where = string.match(typed(redis.pcall('GET', key)) or '', '^([%d.]+),([^,]+),(.*)$')
local age = at and here - tonumber(at) or -1
if age >= 0 and age < oldest and (where == how or where == 'both') then
    return { now, last, math.ceil(age) }
end
redis.call('SET', key, string.format('%.3f,%s,%s', here, word, how), 'PX', '60000')
publish(key, 'beat,' .. key .. ',' .. word)
return { now, word, 0 }
