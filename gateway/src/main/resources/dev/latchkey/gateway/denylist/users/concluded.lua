-- Notes that all that follows from the end of a user's sessions is done. Safe to be sent twice.
--
-- KEYS 1 the users (user.lua)
-- ARGV 1 sub   2 the instant before which sessions have ended   3 the clock, or ''   (ms)
-- Returns { now }. Where another end was noted since, or what is there cannot be read, nothing changes.

local users, sub = KEYS[1], ARGV[1]
local now = clock(ARGV[3])

local old = room(users, redis.pcall('HGET', users, sub)) or ''
local head, ended, stamp, reason, roles = string.match(old, '^(%d+),(%d+),([^,]*),([^,]*)!,(.*)$')
if head and tonumber(ended) == tonumber(ARGV[2]) then
    redis.call('HSET', users, sub, head .. ',' .. ended .. ',' .. stamp .. ',' .. reason .. ',' .. roles)
end
return { now }
