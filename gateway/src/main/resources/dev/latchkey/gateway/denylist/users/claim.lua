-- Numbers the versions of a users file in the order in which nodes first read them, so that a node with an older one undoes
-- nothing. Safe to be sent twice.
--
-- KEYS 1 the versions: version to "revision,seen"
-- ARGV 1 the version that this node has   2 the one that it had before, the same where it only says so again, or ''
--      3 the revision of that one, or 0   4 whether this version was the newest when this node read it or since, 1 or 0
--      5 how long a version counts after no node has it any more   6 the clock, or ''   (times in ms)
-- Returns { now, revision, newest }: newest is 1 where no other node has a newer version. A version that is said again keeps
-- its revision, also where the versions were lost. One that was seen before is new again where this node had the newest
-- until it read it, or where it was never the newest here and no node has the newest any more: it has been put back.

local MOST = 32
-- So that one more fits below the first.
local FIRST = 2
local versions, version, before = KEYS[1], ARGV[1], ARGV[2]
local had, hasCounted, life = tonumber(ARGV[3]), ARGV[4] == '1', tonumber(ARGV[5])
local now = clock(ARGV[6])

-- What is of another type, or cannot be read, is as good as not there.
local flat = room(versions, redis.pcall('HGETALL', versions)) or {}
local known, newest, oldest = {}, { revision = 0, seen = 0 }, nil
for i = 1, #flat, 2 do
    local revision, seen = string.match(flat[i + 1], '^(%d+),(%d+)')
    local entry = { version = flat[i], revision = tonumber(revision) or 0, seen = tonumber(seen) or 0 }
    known[entry.version] = entry
    if entry.revision > newest.revision then
        newest = entry
    end
    if not oldest or entry.revision < oldest.revision then
        oldest = entry
    end
end

local mine = known[version]
local isAgain = version == before
local revision = math.max(mine and mine.revision or 0, isAgain and had or 0)
if mine ~= newest and revision <= newest.revision then
    local isNew = revision == 0
    local isPutBack = not isAgain and newest.version == before
    local isAlone = not hasCounted and now - newest.seen >= life
    if isNew or isPutBack or isAlone then
        revision = math.max(newest.revision, had, FIRST - 1) + 1
    elseif mine then
        return { now, revision, 0 }
    else
        revision = math.min(revision, newest.revision - 1)
    end
end
if not mine and #flat / 2 >= MOST then
    redis.call('HDEL', versions, oldest.version)
end
redis.call('HSET', versions, version, string.format('%.0f,%.0f', revision, now))
return { now, revision, revision >= newest.revision and 1 or 0 }
