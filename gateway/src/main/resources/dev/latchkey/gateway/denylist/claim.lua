-- Numbers the versions of a users file in the order in which nodes first read them, so that a node with an older one undoes
-- nothing. Safe to be sent twice.
--
-- KEYS 1 the versions: version to "revision,seen"
-- ARGV 1 the version that this node has   2 the one that it had before, or ''   3 the lowest revision a new one may get
--      4 how long a version counts after no node has it any more   5 the clock, or ''   (times in ms)
-- Returns { now, revision, newest }: newest is 1 where no other node has a newer version. A version that was seen before is new
-- again where this node had the newest one until now, or nobody has the newest any more: somebody has put it back.

local MOST = 32
local versions, version, before = KEYS[1], ARGV[1], ARGV[2]
local now = clock(ARGV[5])

local known, newest, oldest = {}, { revision = 0, seen = 0 }, nil
local flat = redis.call('HGETALL', versions)
for i = 1, #flat, 2 do
    local revision, seen = string.match(flat[i + 1], '^(%d+),(%d+)$')
    local entry = { version = flat[i], revision = tonumber(revision), seen = tonumber(seen) }
    known[entry.version] = entry
    if entry.revision > newest.revision then
        newest = entry
    end
    if not oldest or entry.revision < oldest.revision then
        oldest = entry
    end
end

local mine = known[version]
if mine and mine ~= newest and newest.version ~= before and now - newest.seen < tonumber(ARGV[4]) then
    return { now, mine.revision, 0 }
end
local revision = mine == newest and mine.revision or math.max(newest.revision + 1, tonumber(ARGV[3]))
if not mine and #flat / 2 >= MOST then
    redis.call('HDEL', versions, oldest.version)
end
redis.call('HSET', versions, version, string.format('%.0f,%.0f', revision, now))
return { now, revision, 1 }
