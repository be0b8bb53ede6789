-- Ends a session for a client that presents its refresh token (p, b), where rotate would grant that token: by
-- ROTATED, REPLAYED, FORCED or RECOVERED. An old token ends nothing, however often it comes, and is not noted as a replay.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones
-- ARGV 1 sid   2 p, the presented generation   3 b, the presented branch   4 grace   5 the reason
--      6 how long a denylist entry stays   7 the clock, or ''   (times in ms)
-- Returns { now, 'ENDED' }, or { now, 'UNKNOWN' | 'EXPIRED' | 'REVOKED' | 'UNPROVEN' | 'STALE' } where nothing was changed:
-- UNPROVEN for a session that is bound to a device, which no refresh token ends. Sent twice it answers REVOKED. { now, 'UNREADABLE' }
-- for a record that cannot be read, which ends for that reason, because no session can go on with it, and nothing says whether the
-- token is good; { now, 'LATER' } for one that a node of a later version has to decide about.

local key, denied, ended = KEYS[1], KEYS[2], KEYS[3]
local p, b, grace = tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local now = clock(ARGV[7])

local record, unread = read(key)
if unread == 'later' then
    return { now, 'LATER' }
end
if unread then
    revoke(key, denied, ended, ARGV[1], 'unreadable', tonumber(ARGV[6]), now)
    return { now, 'UNREADABLE' }
end
local row = over(record, ended, ARGV[1], now)
if row then
    return { now, row }
end
if record.key then
    return { now, 'UNPROVEN' }
end
if p < record.gen and not forgiven(record, p, b, grace, now) then
    return { now, 'STALE' }
end
revoke(key, denied, ended, ARGV[1], ARGV[5], tonumber(ARGV[6]), now)
return { now, 'ENDED' }
