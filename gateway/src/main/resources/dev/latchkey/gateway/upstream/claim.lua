-- Claims the one call of the provider for a session. Safe to be sent twice by one claimer: it is answered alike.
--
-- KEYS as prelude.lua says
-- ARGV 1 sid   2 L, how long the call may take   3 O, how long to wait after a lease that ended with its call open
--      4 why: 'due', 'hard' (the access token has ended) or 'orphan'   5 an id of the claimer   6 the clock, or ''   (ms)
-- Returns { now, 'GONE' } where there is nothing to ask for, { now, 'FRESH', u } where there is no need, { now, 'HELD', until }
-- while another has claimed, { now, 'BACKOFF', next } after trouble, or { now, 'CLAIMED', fence, u, lease, uncertain, provider,
-- sub, claims, sealed }: uncertain is 1 where an earlier call is unaccounted for, so that a refusal may be due to that.
--
-- Invariant: until lease + O nobody else is CLAIMED, unless this claim is released or its answer stored.

local sid, life, wait, why, claimer = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local now = clock(ARGV[6])

local record, tokens = live(now), held()
if not record or not tokens or not record.due then
    closed(sid)
    return { now, 'GONE' }
end

local function claimed()
    local uncertain = (tokens.inherited == '1' or tokens.doubt == '1') and 1 or 0
    return { now, 'CLAIMED', tokens.fence, tokens.u, tokens.lease, uncertain, tokens.provider, record.sub,
        record.claims, tokens.sealed }
end

local open = tokens.open == '1'
if open and tokens.by == claimer then
    return claimed()
end
if not open then
    local isNeeded = why == 'due' and now >= record.due or why == 'hard' and now >= tokens.hard
    if not isNeeded then
        closed(sid)
        return { now, 'FRESH', tokens.u }
    end
end
local free = open and tokens.lease + wait or tokens.lease
if now < free then
    return { now, 'HELD', free }
end
if now < tokens.next then
    return { now, 'BACKOFF', tokens.next }
end
tokens.fence, tokens.lease = tokens.fence + 1, now + life
tokens.inherited = open and '1' or '0'
redis.call('HSET', HELD, 'fence', integer(tokens.fence), 'lease', integer(tokens.lease), 'open', '1', 'by', claimer,
    'inherited', tokens.inherited)
opened(sid, tokens.lease, tokens.provider)
if open then
    troubled(record, now)
end
return claimed()
