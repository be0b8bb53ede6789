-- Refuses all sessions of a user that began before the user's notBefore, which never goes down.
--
-- KEYS 1 the denied users: sub to notBefore   2 the longest life of a session (session-life.lua), in the same slot
-- ARGV 1 sub   2 how long it stays, or as long as that longest life where that is longer   3 notBefore, or '' for now   4 the clock, or ''   (times in ms)
--      5 on which channels the change is published (publish.lua), as "user,notBefore,sub"
-- Returns { now, notBefore }. Expired ones are removed here, a few at a time. Sent twice without notBefore, it refuses what
-- began before the second time.

local users, sub = KEYS[1], ARGV[1]
local now = clock(ARGV[4])
local life, ends = string.match(typed(redis.pcall('GET', KEYS[2])) or '', '^(%d+),(%d+)$')
local stays = math.max(tonumber(ARGV[2]), life and tonumber(ends) > now and tonumber(life) or 0)

local known = room(users, redis.pcall('HGET', users, sub))

-- A notBefore may have parts behind it that a later version knows; what does not begin with a number cannot be read.
local function time(value)
    return value and tonumber(string.match(value, '^%d+'))
end

local notBefore = math.max(tonumber(ARGV[3]) or now, time(known) or 0)
local text = string.format('%.0f', notBefore)
redis.call('HSET', users, sub, text)
if redis.call('PTTL', users) < stays then
    redis.call('PEXPIRE', users, string.format('%.0f', stays))
end
local some = redis.call('HRANDFIELD', users, 8, 'WITHVALUES')
for i = 1, #some, 2 do
    local began = time(some[i + 1])
    if began and began + stays <= now then
        redis.call('HDEL', users, some[i])
    end
end
publish(users, 'user,' .. text .. ',' .. sub)
return { now, text }
