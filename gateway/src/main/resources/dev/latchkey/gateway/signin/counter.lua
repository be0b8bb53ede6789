-- What the scripts of attempts share: a counter is a hash { count, since } that starts again when its window has passed, and
-- expires by itself. What cannot be read counts nothing.

-- Counts one more; returns 0, or the milliseconds until the window ends if the limit is reached. A rejected one is not
-- counted and does not lengthen the window.
local function take(key, limit, window, now)
    local count = tonumber(room(key, redis.pcall('HGET', key, 'count')) or '') or 0
    local since = tonumber(redis.call('HGET', key, 'since') or '') or 0
    if now - since >= window then
        count, since = 0, now
    end
    if count >= limit then
        return math.max(1, since + window - now)
    end
    redis.call('HSET', key, 'count', count + 1, 'since', string.format('%.0f', since))
    redis.call('PEXPIRE', key, window)
    return 0
end
