-- Whether a session lives and no generation is newer than g. Reads only.
--
-- KEYS 1 the session's record
-- ARGV 1 g   2 the clock, or ''   (ms)
-- Returns { now, 1 or 0 }. A g above the stored one counts as current: only the gateway can have signed it, so Redis lost
-- writes in a failover.

local record = read(KEYS[1])
local now = clock(ARGV[2])

if not record or record.state ~= ACTIVE or now >= record.expires or tonumber(ARGV[1]) < record.gen then
    return { now, 0 }
end
return { now, 1 }
