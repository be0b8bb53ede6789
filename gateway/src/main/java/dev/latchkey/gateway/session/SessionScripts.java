package dev.latchkey.gateway.session;

import dev.latchkey.gateway.denylist.TimedScripts;
import java.util.List;
import org.springframework.data.redis.core.script.RedisScript;

/** The session scripts, each with what they share put before it; each answers with a list that begins with the time. */
@SuppressWarnings("rawtypes")
record SessionScripts(
        RedisScript<List> create,
        RedisScript<List> rotate,
        RedisScript<List> commit,
        RedisScript<List> confirm,
        RedisScript<List> revoke,
        RedisScript<List> signOut,
        RedisScript<List> current,
        RedisScript<List> restore) {

    private static final String FOLDER = "dev/latchkey/gateway/session/";

    static SessionScripts load() {
        return new SessionScripts(
                script("create"),
                script("rotate"),
                script("commit"),
                script("confirm"),
                script("revoke"),
                script("sign-out"),
                script("current"),
                script("restore"));
    }

    private static RedisScript<List> script(String name) {
        return TimedScripts.read(FOLDER + "prelude.lua", FOLDER + name + ".lua");
    }
}
