package dev.latchkey.gateway.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The commands of Redis that the scripts call, read from the scripts themselves so that none is forgotten. */
final class ScriptCommands {

    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\('([A-Z]+)'");

    /** In capitals, as the scripts write them. */
    static final Set<String> ALL = read("classpath*:dev/latchkey/gateway/**/*.lua");

    private ScriptCommands() {}

    private static Set<String> read(String scripts) {
        Set<String> commands = new TreeSet<>();
        try {
            for (Resource script : new PathMatchingResourcePatternResolver().getResources(scripts)) {
                CALL.matcher(script.getContentAsString(StandardCharsets.UTF_8))
                        .results()
                        .map((MatchResult call) -> call.group(1))
                        .forEach(commands::add);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Set.copyOf(commands);
    }
}
