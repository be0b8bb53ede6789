-- The denylist's entries of sessions, and how one is written. It is put before the session scripts when they are loaded.
--
-- A shard's denylist is a hash: sid to "min,nextMin,effectiveAt,expiresAt". Access tokens of generations below `min` are
-- refused at once, those below `nextMin` from `effectiveAt` on; the entry has nothing left to refuse at `expiresAt`. All times
-- are milliseconds by one clock.

-- The minimum of a session that accepts no generation any more.
local NEVER = 2147483647
-- How many fields of a hash a script that adds one looks at to remove expired ones.
local EVICTED = 8

local function integer(number)
    return string.format('%.0f', number)
end

-- Removes expired fields, a few at a time: enough, since each run adds one at most. One that cannot be read stays. A run that adds
-- none need only look at one field: to draw several costs more than all else that an entry costs.
local function evictExpired(key, form, unit, now, looks)
    local some = redis.call('HRANDFIELD', key, looks, 'WITHVALUES')
    for i = 1, #some, 2 do
        local expires = tonumber((string.match(some[i + 1], form)))
        if expires and expires * unit <= now then
            redis.call('HDEL', key, some[i])
        end
    end
end

local function extend(key, life)
    if redis.call('PTTL', key) < life then
        redis.call('PEXPIRE', key, integer(life))
    end
end

-- Writes an entry, together with what was there: neither minimum goes down. A shard of another type makes room. The change is
-- published as "sid,min,nextMin,effectiveAt,expiresAt".
local function deny(denied, sid, min, nextMin, effectiveAt, expiresAt, now)
    local old = room(denied, redis.pcall('HGET', denied, sid)) or ''
    local oldMin, oldNext, oldEffective, oldExpires = string.match(old, '^(%d+),(%d+),(%d+),(%d+)')
    if oldMin then
        oldMin, oldNext, oldEffective = tonumber(oldMin), tonumber(oldNext), tonumber(oldEffective)
        if oldEffective <= now then
            oldMin = math.max(oldMin, oldNext)
        end
        min = math.max(min, oldMin)
        if oldNext >= nextMin then
            nextMin, effectiveAt = oldNext, math.min(effectiveAt, oldEffective)
        end
        expiresAt = math.max(expiresAt, tonumber(oldExpires))
    end
    local entry = table.concat({ integer(min), integer(nextMin), integer(effectiveAt), integer(expiresAt) }, ',')
    local isAdded = redis.call('HSET', denied, sid, entry) == 1
    extend(denied, expiresAt - now)
    evictExpired(denied, '^%d+,%d+,%d+,(%d+)', 1, now, isAdded and EVICTED or 1)
    publish(denied, sid .. ',' .. entry)
end
