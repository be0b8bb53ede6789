-- The rotation protocol's rotate(sid, p, b): the first row of the table that fits. Safe to be sent twice.
--
-- KEYS 1 the session's record   2 its shard's denylist   3 its shard's tombstones   4 what is held of its provider
-- ARGV 1 sid   2 p, the presented generation   3 b, the presented branch   4 grace   5 idle timeout
--      6 how long access tokens live   7 how long a denylist entry stays
--      8 whether the access token beside it was refused for a withdrawn role, 1 or 0
--      9 the key of a device that signed a challenge, or ''   10 the generation of that challenge, or 0
--      11 whether it did so to have the session bound to it, 1 or 0   12 how long after it began a session can be bound
--      13 the clock, or ''   (times in ms)
-- Returns { now, row } for a refusal, behind REVOKED the reason where it is known, or where the request goes on
-- { now, row, gen, created, expires, claims, refresh }: refresh is 1 where a new refresh token is to be minted, 0 where an
-- access token only. For a session that an OpenID Provider began, three parts follow: due, 1 where this caller is to refresh
-- the provider's tokens, else 0; when the provider last gave a good answer; and since when it has given none, or 0. LATER is
-- not a row: the record is of a later format, and only a node of that version can decide.
--
-- A session that is bound to a device goes on by its key only: { now, 'UNPROVEN', gen } without it, which changes nothing, and
-- so does a key for a session that is not bound to it. A challenge is good for the generation that it was made for, and, for what
-- is sent again, less than grace after that one was rotated away. A challenge of the current generation always rotates, by each
-- older p, too, and so is used up; no p is STALE or REUSED: the proof decides, as the key is its owner's alone. gen, for the next
-- challenge, is the newest that is known here or presented.
--
-- Of a session that was released from its device, which has the second generation, a replay of that one is UNPROVEN and noted, where
-- another is STALE.
--
-- Invariants: gen never goes down; exactly one branch of a generation rotates it away; a refusal but REUSED and
-- UNREADABLE changes nothing but `strike` and `spent`, the replays.

local key, denied, ended = KEYS[1], KEYS[2], KEYS[3]
local sid, p, b = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local grace, idle = tonumber(ARGV[4]), tonumber(ARGV[5])
local access, entryLife = tonumber(ARGV[6]), tonumber(ARGV[7])
local forced = ARGV[8] == '1'
local proof, challenged, registers, registration = ARGV[9], tonumber(ARGV[10]), ARGV[11] == '1', tonumber(ARGV[12])
local now = clock(ARGV[13])

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

local function unproven()
    return { now, 'UNPROVEN', math.max(p, record.gen) }
end

-- The answer that bound the session was lost: its browser goes on with the first generation, and the second was never used.
-- However long ago that was: the browser may have slept since, and could not go on otherwise. The key is kept. A proof by it says
-- that its device has got that answer, and somebody else had the first generation: only the device goes on then.
local released = record.key and proof == '' and p == 1 and record.gen == 2
    and not generation(record, 2).used and forgiven(record, p, b, grace, now)
if released then
    redis.call('HDEL', key, 'format', 'key')
    redis.call('HSET', key, 'released', record.key)
    record.key = nil
end

local registered = registers and not record.key and p == 1 and record.gen == 1 and now - record.created < registration
local rebound = not registers and proof ~= '' and proof == record.released and challenged == math.max(p, record.gen)
local binds = registered or rebound
if binds then
    redis.call('HSET', key, 'format', '2', 'key', proof)
    redis.call('HDEL', key, 'released')
    record.key = proof
end
if (record.key or '') ~= proof then
    return unproven()
end
local isCurrent = record.key and challenged == math.max(p, record.gen)
if record.key and not isCurrent then
    local rotated = generation(record, record.gen).forked
    if p > record.gen or challenged ~= record.gen - 1 or now - rotated >= grace then
        return unproven()
    end
end

-- One caller of a generation is to ask the provider; while the provider is in trouble each is, and a backoff limits them.
local function granted(row, refresh)
    local answer = { now, row, record.gen, record.created, record.expires, record.claims, refresh }
    if record.due then
        local isDue = now >= record.due and (row == 'ROTATED' or binds or record.since)
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

if p == g or isCurrent then
    current.used = current.used or now
    -- What is current of a device always rotates: else its challenge could be used once more, by anybody who has seen the proof.
    if now - current.forked < grace and not isCurrent then
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
    -- Also of a provider that is never asked again: its ID token is needed to sign out there. Mostly there is no such key.
    renew(KEYS[4], record, idle, now)
    if current.minted + access > now then
        deny(denied, sid, g, g + 1, now + grace, now + entryLife, now)
    end
    return granted(rebound and 'REBOUND' or binds and 'BOUND' or 'ROTATED', 1)
end

if record.key or forgiven(record, p, b, grace, now) then
    current.minted = math.max(current.minted, now)
    -- Of a bound session it stays when that generation was made: an old proof must not live on by being sent again.
    if not record.key then
        current.forked = math.max(current.forked, now)
    end
    keep(key, record, current)
    return granted(released and 'RELEASED' or 'REPLAYED', 1)
end
-- Replays that were only refused as STALE: the newest, and since when there are any above `spent`. Once twice the grace has passed
-- since then, it and all older generations are REUSED. No replay puts that off: a thief could make one between any two of the owner's.
local newestReplay, since = string.match(record.strike or '0,0', '^(%d+),(%d+)')
newestReplay, since = tonumber(newestReplay), tonumber(since)
local spent = record.spent or 0
if now - since >= 2 * grace then
    spent, since = newestReplay, now
end
if p > spent then
    if p > newestReplay then
        redis.call('HSET', key, 'strike', integer(p) .. ',' .. integer(since))
        if spent > 0 then
            redis.call('HSET', key, 'spent', integer(spent))
        end
    end
    -- Of a released session it may be the device's, which can still prove its key; but twice is once too often here, too, or who
    -- went on without the key could do so for ever.
    if record.released and p == 2 then
        return unproven()
    end
    return { now, 'STALE' }
end

revoke(key, denied, ended, sid, 'reused', entryLife, now)
return { now, 'REUSED' }
