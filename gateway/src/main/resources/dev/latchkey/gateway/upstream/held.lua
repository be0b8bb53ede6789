-- What is held of a session's provider. Reads only.
--
-- KEYS as prelude.lua says
-- ARGV 1 the clock, or ''   (ms)
-- Returns { now, 'GONE' } where the session has ended or nothing is held, or { now, 'HELD', provider, u, sealed, hard }, `hard`
-- being 0 where the access token has no known end. Of a session that lapsed, what is held stays.

local now = clock(ARGV[1])
local record, tokens = read(RECORD), held()
if not record or record.state ~= ACTIVE or now >= record.expires or not tokens then
    return { now, 'GONE' }
end
return { now, 'HELD', tokens.provider, tokens.u, tokens.sealed, tokens.hard }
