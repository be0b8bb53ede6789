-- What the session scripts share; it is put before each of them when they are loaded, and deny.lua before it.
--
-- A session's record is a hash: sub, gen, created, expires, state, strike, claims, agent, address, and one packed field for
-- each of the last four generations. All times are milliseconds by one clock.
--
-- A packed generation k stands in the field k % 4 as "k,minted,forked,used,branch": minted as ms after `created`, forked as
-- ms before minted, used as ms after minted (negative before). So each value stays below 64 bytes, the hash keeps its compact
-- encoding, and a session a month old costs no more than 512 bytes. `used` and `branch` are empty until known.
--
-- A session that has ended leaves a tombstone in its shard's hash of them, under its sid: "reason,ended,expires,subject", with
-- times in seconds. It lives until the session would have ended by itself, and its record goes at once.
--
-- The record of a session that an OpenID Provider began also has `due`, when the provider's tokens are to be refreshed, `good`,
-- when the provider last gave a good answer, `since`, since when it has given none, and `lapsed` where its refresh token was
-- lost. The scripts of upstream write them.
--
-- The record of a session that is bound to a device has `format` 2 and `key`, the public key of the device as a compressed point
-- in base64url. Versions before know no such format, so that they decide nothing about it. One that was released from its device
-- has `released` instead, which is that key.
--
-- The record of a session of which old tokens were presented has `strike`, the newest generation of them and a time, and, once twice the
-- grace has passed since then, `spent`: the generation up to which the next one ends the session. Versions before know no `spent` and
-- leave it.
--
-- A later version may add fields to the record, and parts behind those of a packed field: they are kept and not looked at.
-- One that changes what is there writes a `format` above FORMAT; such a record is left alone by all but revoke.

local ACTIVE = 'active'
local FORMAT = 2
local KEY = '^[%w_-]+$'
local KEY_LENGTH = 44
-- The form of a packed field, and the same with its parts: to have them costs more than to look.
local FORM = '^%d+,%d+,%d+,%-?%d*,'
local PACKED = '^(%d+),(%d+),(%d+),(%-?%d*),([^,]*)(.*)$'
-- The longest tombstone: with its field and what a hash costs it stays below 120 bytes in Redis 6.2. Long subjects are cut.
local TOMBSTONE = 52
local EXPIRES = '^[^,]*,%d+,(%d+)'
local REASON = '^([^,]+),'
local REVOKED = '^revoked:(.*)$'
-- How long the tombstone of an unreadable record lives that has no end of its own.
local DAY = 86400000

local function whole(text)
    return text and #text <= 15 and string.find(text, '^%d+$') and tonumber(text)
end

-- Optional numbers that are there and cannot be read make the record unreadable.
local function numbers(record, ...)
    for _, name in ipairs({ ... }) do
        local text = record[name]
        record[name] = whole(text)
        if text and not record[name] then
            return false
        end
    end
    return true
end

local function isReadable(record)
    for k = 0, 3 do
        local packed = record[tostring(k)]
        if packed and not string.find(packed, FORM) then
            return false
        end
    end
    local current = record.gen and record[tostring(record.gen % 4)]
    local bound = record.key and #record.key == KEY_LENGTH and string.find(record.key, KEY)
    if not bound and (record.key or tonumber(record.format) == FORMAT) then
        return false
    end
    return record.state and record.sub and record.claims and record.created and record.expires
        and current and tonumber((string.match(current, '^%d+'))) == record.gen
        and (not record.strike or string.find(record.strike, '^%d+,%d+'))
end

-- The record as a table, or nil where there is none to go by; then also why, where there is something: 'later' for a later
-- format, 'broken' for what cannot be read.
local function read(key)
    local flat = typed(redis.pcall('HGETALL', key))
    if not flat then
        return nil, 'broken'
    end
    if #flat == 0 then
        return nil
    end
    local record = {}
    for i = 1, #flat, 2 do
        record[flat[i]] = flat[i + 1]
    end
    if (tonumber(record.format) or 1) > FORMAT then
        return nil, 'later'
    end
    record.gen, record.created, record.expires = whole(record.gen), whole(record.created), whole(record.expires)
    if not numbers(record, 'due', 'good', 'since', 'spent') or not isReadable(record) then
        return nil, 'broken'
    end
    return record
end

-- Generation k with absolute times, or nil where it is not among the last four.
local function generation(record, k)
    local packed = record[tostring(k % 4)]
    if not packed then
        return nil
    end
    local number, minted, forked, used, branch, rest = string.match(packed, PACKED)
    if tonumber(number) ~= k then
        return nil
    end
    minted = record.created + tonumber(minted)
    local found = { k = k, minted = minted, forked = minted - tonumber(forked), rest = rest }
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
        entry.branch or '' }, ',') .. (entry.rest or '')
end

local function keep(key, record, entry)
    redis.call('HSET', key, tostring(entry.k % 4), packed(record, entry))
end

-- Whether a rotation by generation p of branch b is answered again: p is the generation before, b the branch that rotated
-- it away, and the current generation is not in use for a grace yet.
local function forgiven(record, p, b, grace, now)
    if p ~= record.gen - 1 then
        return false
    end
    local current, before = generation(record, record.gen), generation(record, p)
    local ofItsBranch = not before or not before.branch or before.branch == b
    return ofItsBranch and (not current.used or now - current.used < grace)
end

local function renew(key, record, idle, now)
    redis.call('PEXPIRE', key, integer(math.max(1, math.min(idle, record.expires - now))))
end

-- What is left of a session that has ended, or nothing.
local function tombstone(ended, sid)
    return room(ended, redis.pcall('HGET', ended, sid)) or nil
end

-- The row of the protocol's table for a session that is over, or nothing; with REVOKED also the reason, where it can be read.
local function over(record, ended, sid, now)
    if not record then
        local left = typed(redis.pcall('HGET', ended, sid)) or nil
        local expires = left and tonumber((string.match(left, EXPIRES)))
        if expires and expires * 1000 <= now then
            return 'EXPIRED'
        end
        return left and 'REVOKED' or 'UNKNOWN', left and string.match(left, REASON)
    end
    if now >= record.expires then
        return 'EXPIRED'
    end
    if record.state ~= ACTIVE then
        return 'REVOKED', string.match(record.state, REVOKED)
    end
end

-- Not within a character of UTF-8.
local function cut(text, most)
    while #text > most and most > 0 and string.find(string.sub(text, most + 1, most + 1), '[\128-\191]') do
        most = most - 1
    end
    return string.sub(text, 1, most)
end

local function bury(ended, sid, reason, subject, life, now)
    local expires = math.floor((now + life) / 1000)
    local text = table.concat({ reason, integer(math.floor(now / 1000)), integer(expires), subject }, ',')
    if not tombstone(ended, sid) then
        redis.call('HSET', ended, sid, cut(text, TOMBSTONE))
    end
    extend(ended, life + 1000)
    evictExpired(ended, EXPIRES, 1000, now, EVICTED)
end

-- Ends a session. One that the version before ended keeps its reason; of a later format only the state is known.
local function finish(key, ended, sid, reason, now)
    local record, unread = read(key)
    if unread == 'later' then
        redis.call('HSET', key, 'state', 'revoked:' .. reason)
    elseif unread then
        local life = math.max(DAY, redis.call('PTTL', key))
        redis.call('DEL', key)
        bury(ended, sid, reason, '', life, now)
    elseif record then
        redis.call('DEL', key)
        if record.expires > now then
            local before = string.match(record.state, REVOKED)
            bury(ended, sid, before or reason, record.sub, record.expires - now, now)
        end
    end
end

-- The same, and denies its access tokens.
local function revoke(key, denied, ended, sid, reason, access, now)
    finish(key, ended, sid, reason, now)
    deny(denied, sid, NEVER, NEVER, now, now + access, now)
end
