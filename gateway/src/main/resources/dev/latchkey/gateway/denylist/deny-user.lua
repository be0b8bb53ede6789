-- Refuses all sessions of a user that began before now. The instant never goes down.
--
-- KEYS 1 the users' instants
-- ARGV 1 sub   2 how long an instant stays   3 the clock, or ''   (times in ms)
-- Returns { now }. Instants that have ended are removed here, a few at a time; the change is published on latchkey:denied as
-- "user,instant,sub". Sent twice it refuses what began before the second time.

local instants, sub = KEYS[1], ARGV[1]
local stays = tonumber(ARGV[2])
local now
if ARGV[3] ~= '' then
    now = tonumber(ARGV[3])
else
    local time = redis.call('TIME')
    now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local instant = math.max(now, tonumber(redis.call('HGET', instants, sub) or '0'))
redis.call('HSET', instants, sub, string.format('%.0f', instant))
redis.call('PEXPIRE', instants, string.format('%.0f', stays))
local some = redis.call('HRANDFIELD', instants, 8, 'WITHVALUES')
for i = 1, #some, 2 do
    if tonumber(some[i + 1]) + stays <= now then
        redis.call('HDEL', instants, some[i])
    end
end
redis.call('PUBLISH', 'latchkey:denied', 'user,' .. string.format('%.0f', instant) .. ',' .. sub)
return { now }
