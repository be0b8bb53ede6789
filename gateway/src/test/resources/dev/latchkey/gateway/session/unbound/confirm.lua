-- Notes the first use of generation g, if it was not noted yet. Safe to be sent twice.
--
-- KEYS 1 the session's record
-- ARGV 1 g   2 the clock, or ''   (ms)
-- Returns { now }. A g above the stored generation, or one long gone, is ignored.

local key = KEYS[1]
local g = tonumber(ARGV[1])
local now = clock(ARGV[2])

local record = read(key)
if record and record.state == ACTIVE and g <= record.gen then
    local entry = generation(record, g)
    if entry and not entry.used then
        entry.used = now
        keep(key, record, entry)
    end
end
return { now }
