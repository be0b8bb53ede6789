-- Makes all nodes refuse access tokens of a user with roles other than these, for as long as such a token can live.
-- Safe to be sent twice.
--
-- KEYS 1 the users' roles: sub to "ends,revision,roles", roles being one to a line
--      2 the denied users (deny-user.lua), in the same slot
-- ARGV 1 sub   2 the revision   3 roles   4 how long an entry stays   5 the clock, or ''   (times in ms)
--      6 on which channels the change is published (publish.lua), as "roles,sub", and the entry on the lines behind it
-- Returns { now, entry }. An entry of the same or a later revision stays. Entries that have ended are removed here, a few at a
-- time. The channel is that of the denied users: nodes make sure that they miss nothing there.

local users, sub, revision = KEYS[1], ARGV[1], tonumber(ARGV[2])
local stays = tonumber(ARGV[4])
local now = clock(ARGV[5])

local old = room(users, redis.pcall('HGET', users, sub))
if old and (tonumber(string.match(old, '^%d+,(%d+),')) or 0) >= revision then
    return { now, old }
end
local entry = string.format('%.0f,%.0f,', now + stays, revision) .. ARGV[3]
redis.call('HSET', users, sub, entry)
if redis.call('PTTL', users) < stays then
    redis.call('PEXPIRE', users, ARGV[4])
end
local some = redis.call('HRANDFIELD', users, 8, 'WITHVALUES')
for i = 1, #some, 2 do
    if (tonumber(string.match(some[i + 1], '^(%d+),')) or 0) <= now then
        redis.call('HDEL', users, some[i])
    end
end
publish(KEYS[2], 'roles,' .. sub .. '\n' .. entry)
return { now, entry }
