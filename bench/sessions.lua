-- Requests with the access tokens of the file TOKENS in turn, which the threads share.

local all = {}

function setup(thread)
    thread:set('number', #all)
    table.insert(all, thread)
end

function init()
    tokens, last, count = {}, 0, 0
    local line = 0
    for token in io.lines(os.getenv('TOKENS')) do
        if line % 2 == number then
            count = count + 1
            tokens[count] = token
        end
        line = line + 1
    end
end

-- From one to one far away, so that a short load also uses tokens from everywhere; a prime, so that it uses each of them.
local STEP = 7919

function request()
    last = (last + STEP) % count
    return 'GET /api/x HTTP/1.1\r\nHost: bench.example\r\nAuthorization: Bearer ' .. tokens[last + 1] .. '\r\n\r\n'
end

-- With ENDED, the name of a file that each thread makes when it has used each of its tokens.
if os.getenv('ENDED') then
    local answered = 0

    function response()
        answered = answered + 1
        if answered == count then
            io.open(os.getenv('ENDED') .. '.' .. number, 'w'):close()
            wrk.thread:stop()
        end
    end
end
