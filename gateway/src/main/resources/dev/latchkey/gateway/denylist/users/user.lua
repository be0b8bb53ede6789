-- Notes what a directory says of a user, once for each revision. Safe to be sent twice.
--
-- KEYS 1 the users: sub to "revision,ended,stamp,reason,roles", roles being one to a line; behind the reason is a "!" until
--        all that follows from the end is done (concluded.lua)
-- ARGV 1 sub   2 the revision, or 0 for one that is above the recorded one and not before now   3 the stamp of the credentials, or '' for a user who may not sign in
--      4 why sessions end where they do   5 roles   6 the clock, or ''   (ms)
-- Returns { now, ended, first, withdrawn }: the instant before which sessions of the user have ended, or 0; whether it is of this
-- revision and set just now, 1 or 0: then it is to be concluded; and which roles this very call has taken from a user who may go on
-- signing in, one to a line. A user who was not known, or whose stamp is the same, ends nothing; what is there from this revision or
-- a later one stays. What cannot be read is as good as not there.

local users, sub, revision, stamp = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3]
local reason = ARGV[4]
local now = clock(ARGV[6])

local old = room(users, redis.pcall('HGET', users, sub))
local ended, first, withdrawn = 0, 0, ''
local oldRevision, oldEnded, oldStamp, oldReason = string.match(old or '', '^(%d+),(%d+),([^,]*),([^,]*),')
if revision == 0 then
    revision = math.max(now, (tonumber(oldRevision) or 0) + 1)
end
if oldRevision then
    ended = tonumber(oldEnded)
    if tonumber(oldRevision) >= revision then
        return { now, ended, 0, '' }
    end
    if oldStamp ~= '' and oldStamp ~= stamp then
        ended, first = now, 1
        reason = reason .. '!'
    elseif stamp ~= '' then
        reason = oldReason
    elseif string.sub(oldReason, -1) == '!' then
        reason = reason .. '!'
    end
end
redis.call('HSET', users, sub, string.format('%.0f,%.0f', revision, ended) .. ',' .. stamp .. ',' .. reason .. ',' .. ARGV[5])
if oldStamp and oldStamp ~= '' and stamp ~= '' then
    local kept = '\n' .. ARGV[5] .. '\n'
    for role in string.gmatch(string.match(old, '^%d+,%d+,[^,]*,[^,]*,(.*)$'), '[^\n]+') do
        if not string.find(kept, '\n' .. role .. '\n', 1, true) then
            withdrawn = withdrawn .. (withdrawn == '' and '' or '\n') .. role
        end
    end
end
return { now, ended, first, withdrawn }
