-- Requests with the access tokens of the file TOKENS in turn, which the threads share; with ONCE, with each of them once.

local all = {}

function setup(thread)
    thread:set('number', #all)
    table.insert(all, thread)
end

function init()
    tokens, last, count = {}, 0, 0
    once = os.getenv('ONCE')
    local line = 0
    for token in io.lines(os.getenv('TOKENS')) do
        if line % 2 == number then
            count = count + 1
            tokens[count] = token
        end
        line = line + 1
    end
end

function request()
    last = last % count + 1
    return 'GET /api/x HTTP/1.1\r\nHost: bench.example\r\nAuthorization: Bearer ' .. tokens[last] .. '\r\n\r\n'
end

if os.getenv('ONCE') then
    local answered = 0

    function response()
        answered = answered + 1
        if answered == count then
            wrk.thread:stop()
        end
    end
end
