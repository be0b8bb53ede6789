-- What the scripts of upstream share; put before each of them behind deny.lua and the prelude of session.
--
-- KEYS of all  1 what is held of a session's OpenID Provider   2 the session's record   3 the open calls of its shard
--
-- What is held is a hash: `provider`; `u`, the number of the tokens, 1 at sign-in and one more with each answer that is stored;
-- `sealed`, the tokens; `hard`, when the access token among them ends; `lease`, until when nobody else may call; `fence`, the
-- number of the claim; `by`, who claimed; `open`, 1 while a call is claimed and nobody knows what became of it; `inherited`, what
-- `open` was before the claim; `doubt`, 1 where the tokens were stored after such a call; `next`, before which nobody may call
-- after trouble; and `tries`, how often there was trouble since the last good answer. All times are milliseconds by one clock.
--
-- The open calls are a hash: sid to "lease,provider". Of the session's record, these scripts write `due`, `good`, `since`,
-- `lapsed` and `claims`; see the prelude of session.

local HELD, RECORD, OPEN = KEYS[1], KEYS[2], KEYS[3]

-- The session's record where its provider may still be asked, else nil.
local function live(now)
    local record = read(RECORD)
    if record and record.state == ACTIVE and now < record.expires and not record.lapsed then
        return record
    end
    return nil
end

-- What is held, or nil where there is nothing to go by.
local function held()
    local flat = typed(redis.pcall('HGETALL', HELD)) or {}
    local found = {}
    for i = 1, #flat, 2 do
        found[flat[i]] = flat[i + 1]
    end
    for _, name in ipairs({ 'u', 'hard', 'lease', 'fence', 'next', 'tries' }) do
        found[name] = whole(found[name]) or name ~= 'u' and 0 or nil
    end
    return found.u and found.sealed and found.provider and found or nil
end

local function closed(sid)
    if typed(redis.pcall('HGET', OPEN, sid)) then
        redis.call('HDEL', OPEN, sid)
    end
end

local function opened(sid, lease, provider)
    room(OPEN, redis.pcall('HGET', OPEN, sid))
    redis.call('HSET', OPEN, sid, integer(lease) .. ',' .. provider)
    extend(OPEN, 86400000)
end

-- As long as the session's record.
local function last()
    redis.call('PEXPIRE', HELD, integer(math.max(1, redis.call('PTTL', RECORD))))
end

-- `due` and `hard` are given as ms from now, '' for never.
local function from(now, text)
    return text == '' and '' or integer(now + tonumber(text))
end

-- Notes when the provider is to be asked again, and that it just gave a good answer.
local function answered(now, due)
    if due == '' then
        redis.call('HDEL', RECORD, 'due', 'good', 'since')
    else
        redis.call('HSET', RECORD, 'due', from(now, due), 'good', integer(now))
        redis.call('HDEL', RECORD, 'since')
    end
end

local function troubled(record, now)
    if record.due and not record.since then
        redis.call('HSET', RECORD, 'since', integer(now))
    end
end
