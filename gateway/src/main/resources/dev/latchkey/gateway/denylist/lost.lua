-- Keeps what nodes know of sessions whose tombstones Redis has lost, so that nodes that start later know it too.
--
-- KEYS 1 the shard's hash of that
-- ARGV 1 the version that was added to, 0 for none   2 when the loss was found   3 how long it is kept   then fields and
--      values   then the clock, or ''   (times in ms)   then what every script is given last and this one does not look at
-- Returns { now, the new version }, or { now, 0 } where another node was faster: read it and add to that. A key of another
-- type makes room for it, and a version that is not a number counts as none.

local key = KEYS[1]
local now = clock(ARGV[#ARGV - 1])
local version = room(key, redis.pcall('HGET', key, 'version')) or '0'
if #version > 15 or not string.find(version, '^%d+$') then
    version = '0'
end
if version ~= ARGV[1] then
    return { now, 0 }
end
for i = 4, #ARGV - 3, 2 do
    redis.call('HSET', key, ARGV[i], ARGV[i + 1])
end
redis.call('HSET', key, 'version', tonumber(version) + 1, 'found', ARGV[2])
redis.call('PEXPIRE', key, ARGV[3])
return { now, tonumber(version) + 1 }
