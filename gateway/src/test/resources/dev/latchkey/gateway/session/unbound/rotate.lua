-- The rotation protocol's rotate(sid, p, b): the first row of the table that fits. Safe to be sent twice.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones   4 what is held of its provider
-- ARGV 1 sid   2 p, the presented generation   3 b, the presented branch   4 grace   5 idle timeout
--      6 how long access tokens live   7 how long a denylist entry stays
--      8 whether the access token beside it was refused for a withdrawn role, 1 or 0   9 the clock, or ''   (times in ms)
-- Returns { now, row } for a refusal, behind REVOKED the reason where it is known, or where the request goes on
-- { now, row, gen, created, expires, claims, refresh }: refresh is 1 where a new refresh token is to be minted, 0 where an
-- access token only. For a session that an OpenID Provider began, three parts follow: due, 1 where this caller is to refresh
-- the provider's tokens, else 0; when the provider last gave a good answer; and since when it has given none, or 0. LATER is
-- not a row: the record is of a later format, and only a node of that version can decide.
--
-- Invariants: gen never goes down; exactly one branch of a generation rotates it away; a refusal but REUSED and
-- UNREADABLE changes nothing but `strike`, the first replay.

local key, denied, ended = KEYS[1], KEYS[2], KEYS[3]
local sid, p, b = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local grace, idle = tonumber(ARGV[4]), tonumber(ARGV[5])
local access, entryLife = tonumber(ARGV[6]), tonumber(ARGV[7])
local forced = ARGV[8] == '1'
local now = clock(ARGV[9])

local record, unread = read(key)
if unread == 'later' then
    return { now, 'LATER' }
end
if unread then
    revoke(key, denied, ended, sid, 'unreadable', entryLife, now)
    return { now, 'UNREADABLE' }
end
local row, reason = over(record, ended, sid, now)
if row then
    return { now, row, reason }
end
if record.lapsed then
    return { now, 'LAPSED' }
end

-- One caller of a generation is to ask the provider; while the provider is in trouble each is, and a backoff limits them.
local function granted(row, refresh)
    local answer = { now, row, record.gen, record.created, record.expires, record.claims, refresh }
    if record.due then
        local isDue = now >= record.due and (row == 'ROTATED' or record.since)
        answer[8], answer[9], answer[10] = isDue and 1 or 0, record.good or record.created, record.since or 0
    end
    return answer
end

-- Redis lost acknowledged writes in a failover: what is not known of generations up to p begins now.
local recovered = p > record.gen
if recovered then
    for k = math.max(1, p - 3), p do
        local entry = generation(record, k) or { k = k, minted = now, forked = now }
        entry.used = entry.used or now
        keep(key, record, entry)
        record[tostring(k % 4)] = packed(record, entry)
    end
    record.gen = p
    redis.call('HSET', key, 'gen', integer(p))
end

local g = record.gen
local current = generation(record, g)

if p == g then
    current.used = current.used or now
    if now - current.forked < grace then
        current.minted = math.max(current.minted, now)
        keep(key, record, current)
        -- Also by force no young generation is rotated away: a request with the one before may still be under way.
        return granted(recovered and 'RECOVERED' or forced and 'FORCED' or 'REPLAYED', 0)
    end
    current.branch = b
    record.gen = g + 1
    redis.call('HSET', key, 'gen', integer(g + 1), tostring(g % 4), packed(record, current),
        tostring((g + 1) % 4), packed(record, { k = g + 1, minted = now, forked = now }))
    renew(key, record, idle, now)
    if record.due then
        renew(KEYS[4], record, idle, now)
    end
    if current.minted + access > now then
        deny(denied, sid, g, g + 1, now + grace, now + entryLife, now)
    end
    return granted('ROTATED', 1)
end

if forgiven(record, p, b, grace, now) then
    current.minted, current.forked = math.max(current.minted, now), math.max(current.forked, now)
    keep(key, record, current)
    return granted('REPLAYED', 1)
end

-- The replay that was only refused as STALE: its generation, and when. The next one, twice the grace later, is REUSED.
local firstReplay, replayedAt = string.match(record.strike or '0,0', '^(%d+),(%d+)')
firstReplay, replayedAt = tonumber(firstReplay), tonumber(replayedAt)
if p > firstReplay or now - replayedAt < 2 * grace then
    if p > firstReplay then
        redis.call('HSET', key, 'strike', integer(p) .. ',' .. integer(now))
    end
    return { now, 'STALE' }
end

revoke(key, denied, ended, sid, 'reused', entryLife, now)
return { now, 'REUSED' }
