-- Sessions that go on by their cookies alone, or, where a line of SESSIONS has more than a token, by a proof of their device:
-- behind the token stand the session's public id and what its key signed for the next rotations, each of which is used once.
-- A session is used again when all others have been, so that none rotates within its grace.

local all = {}

function setup(thread)
    thread:set('number', #all)
    table.insert(all, thread)
end

function init()
    lines, first, last, proofs = {}, 1, 0, {}
    local line = 0
    for text in io.lines(os.getenv('SESSIONS')) do
        if line % 2 == number then
            local token, id, rest = text:match('^(%S+) ?(%S*) ?(.*)$')
            local name = '__Host-latchkey-refresh-' .. (id == '' and '1=' or '0=')
            add(token:find('=') and token or name .. token, id)
            proofs[id] = rest
        end
        line = line + 1
    end
end

function add(cookie, id)
    last = last + 1
    lines[last] = { cookie, id }
end

function stop(why)
    io.stderr:write(why, '\n')
    os.exit(1)
end

function request()
    local cookie, id = lines[first][1], lines[first][2]
    lines[first] = nil
    first = first + 1
    if id == '' then
        return wrk.format('POST', '/auth/refresh', { ['Cookie'] = cookie })
    end
    local proof, rest = proofs[id]:match('^(%S+) ?(.*)$')
    if not proof then
        stop('a session has no proof left: set PROOFS higher')
    end
    proofs[id] = rest
    return wrk.format('POST', '/auth/device/refresh', {
        ['Cookie'] = cookie,
        ['Sec-Secure-Session-Id'] = '"' .. id .. '"',
        ['Secure-Session-Response'] = '"' .. proof .. '"',
    })
end

-- The refresh cookie is the last that is set. An answer without one was no rotation.
function response(status, headers)
    local cookie = (headers['Set-Cookie'] or ''):match('^[%w_-]+%-refresh%-%d=[^;]+')
    if not cookie then
        stop('an answer with the status ' .. status .. ' brought no refresh token')
    end
    add(cookie, (headers['Secure-Session-Challenge'] or ''):match('id="([^"]+)"') or '')
end

-- For the next time, in the same order; those whose answers are still under way are lost.
function done()
    local out = io.open(os.getenv('SESSIONS'), 'w')
    for _, thread in ipairs(all) do
        local lines, proofs = thread:get('lines'), thread:get('proofs')
        for i = thread:get('first'), thread:get('last') do
            local line = lines[i]
            if line then
                out:write(line[1], line[2] == '' and '' or ' ' .. line[2] .. ' ' .. proofs[line[2]], '\n')
            end
        end
    end
    out:close()
end
