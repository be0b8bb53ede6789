-- Refuses all sessions of a user that began before an instant, which never goes down.
--
-- KEYS 1 the users' instants
-- ARGV 1 sub   2 how long an instant stays   3 the instant, or '' for now   4 the clock, or ''   (times in ms)
--      5 on which channels the change is published (publish.lua), as "user,instant,sub"
-- Returns { now, instant }. Expired instants are removed here, a few at a time. Sent twice without an instant, it refuses what
-- began before the second time.

local instants, sub = KEYS[1], ARGV[1]
local stays = tonumber(ARGV[2])
local now = clock(ARGV[4])

local known = room(instants, redis.pcall('HGET', instants, sub))

-- An instant may have parts behind it that a later version knows; what does not begin with one cannot be read.
local function time(value)
    return value and tonumber(string.match(value, '^%d+'))
end

local instant = math.max(tonumber(ARGV[3]) or now, time(known) or 0)
local text = string.format('%.0f', instant)
redis.call('HSET', instants, sub, text)
redis.call('PEXPIRE', instants, string.format('%.0f', stays))
local some = redis.call('HRANDFIELD', instants, 8, 'WITHVALUES')
for i = 1, #some, 2 do
    local began = time(some[i + 1])
    if began and began + stays <= now then
        redis.call('HDEL', instants, some[i])
    end
end
publish(instants, 'user,' .. text .. ',' .. sub)
return { now, text }
