-- What the session scripts share; it is put before each of them when they are loaded, and the clock before it.
--
-- A session's record is a hash: sub, gen, created, expires, state, strike, claims, agent, address, and one packed field for
-- each of the last four generations. All times are milliseconds by one clock.
--
-- A packed generation k stands in the field k % 4 as "k,minted,forked,used,branch": minted as ms after `created`, forked as
-- ms before minted, used as ms after minted (negative before). So each value stays below 64 bytes, the hash keeps its compact
-- encoding, and a session a month old costs no more than 512 bytes. `used` and `branch` are empty until known.

local ACTIVE = 'active'
local NEVER = 2147483647
local CHANNEL = 'latchkey:denied'
-- How many entries of the denylist a writing script looks at to find ended ones.
local BITE = 8

local function integer(number)
    return string.format('%.0f', number)
end

-- The record as a table, or nil where there is none.
local function read(key)
    local flat = redis.call('HGETALL', key)
    if #flat == 0 then
        return nil
    end
    local record = {}
    for i = 1, #flat, 2 do
        record[flat[i]] = flat[i + 1]
    end
    record.gen = tonumber(record.gen)
    record.created = tonumber(record.created)
    record.expires = tonumber(record.expires)
    return record
end

-- Generation k with absolute times, or nil where it is not among the last four.
local function generation(record, k)
    local packed = record[tostring(k % 4)]
    if not packed then
        return nil
    end
    local number, minted, forked, used, branch = string.match(packed, '^(%d+),(%d+),(%d+),(%-?%d*),(.*)$')
    if tonumber(number) ~= k then
        return nil
    end
    minted = record.created + tonumber(minted)
    local found = { k = k, minted = minted, forked = minted - tonumber(forked) }
    if used ~= '' then
        found.used = minted + tonumber(used)
    end
    if branch ~= '' then
        found.branch = branch
    end
    return found
end

local function packed(record, entry)
    local minted = math.max(record.created, entry.minted)
    return table.concat({
        integer(entry.k),
        integer(minted - record.created),
        integer(math.max(0, minted - entry.forked)),
        entry.used and integer(entry.used - minted) or '',
        entry.branch or '' }, ',')
end

local function keep(key, record, entry)
    redis.call('HSET', key, tostring(entry.k % 4), packed(record, entry))
end

local function renew(key, record, idle, now)
    redis.call('PEXPIRE', key, integer(math.max(1, math.min(idle, record.expires - now))))
end

-- Removes ended entries, a few at a time: enough, since each run adds one at most.
local function bite(denied, now)
    local some = redis.call('HRANDFIELD', denied, BITE, 'WITHVALUES')
    for i = 1, #some, 2 do
        local ends = tonumber(string.match(some[i + 1], '(%d+)$'))
        if ends <= now then
            redis.call('HDEL', denied, some[i])
        end
    end
end

-- Denies generations of sid below `floor` at once and below `later` from `from` on, until `ends`. An entry is
-- "floor,later,from,ends"; neither floor ever goes down. The change is published as "sid,floor,later,from,ends".
local function deny(denied, sid, floor, later, from, ends, now)
    local old = redis.call('HGET', denied, sid)
    if old then
        local oldFloor, oldLater, oldFrom, oldEnds = string.match(old, '^(%d+),(%d+),(%d+),(%d+)$')
        oldFloor, oldLater, oldFrom = tonumber(oldFloor), tonumber(oldLater), tonumber(oldFrom)
        if oldFrom <= now then
            oldFloor = math.max(oldFloor, oldLater)
        end
        floor = math.max(floor, oldFloor)
        if oldLater >= later then
            later, from = oldLater, math.min(from, oldFrom)
        end
        ends = math.max(ends, tonumber(oldEnds))
    end
    local entry = table.concat({ integer(floor), integer(later), integer(from), integer(ends) }, ',')
    redis.call('HSET', denied, sid, entry)
    if redis.call('PTTL', denied) < ends - now then
        redis.call('PEXPIRE', denied, integer(ends - now))
    end
    bite(denied, now)
    redis.call('PUBLISH', CHANNEL, sid .. ',' .. entry)
end

-- Ends a session; the record stays for the rest of its life and says why.
local function revoke(key, denied, sid, reason, access, now)
    if redis.call('HGET', key, 'state') == ACTIVE then
        redis.call('HSET', key, 'state', 'revoked:' .. reason)
    end
    deny(denied, sid, NEVER, NEVER, now, now + access, now)
end
