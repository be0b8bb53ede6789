package dev.latchkey.gateway.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.ClassPathResource;
import org.springframework.data.redis.core.script.RedisScript;

/** The session scripts, each with what they share put before it: Redis knows no include. */
@SuppressWarnings("rawtypes")
final class SessionScripts {

    static final RedisScript<List> CREATE = answeringList("create");
    static final RedisScript<List> ROTATE = answeringList("rotate");
    static final RedisScript<List> COMMIT = answeringList("commit");
    static final RedisScript<Long> CONFIRM = answeringTime("confirm");
    static final RedisScript<Long> REVOKE = answeringTime("revoke");

    private SessionScripts() {}

    private static RedisScript<List> answeringList(String name) {
        return RedisScript.of(text(name), List.class);
    }

    private static RedisScript<Long> answeringTime(String name) {
        return RedisScript.of(text(name), Long.class);
    }

    private static String text(String name) {
        return resource("prelude") + "\n" + resource(name);
    }

    private static String resource(String name) {
        ClassPathResource resource = new ClassPathResource("dev/latchkey/gateway/session/" + name + ".lua");
        try {
            return resource.getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
