package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.session.ClientFacts;
import dev.latchkey.gateway.session.NewSession;
import dev.latchkey.gateway.session.RevocationReason;
import dev.latchkey.gateway.session.SessionRoom;
import dev.latchkey.gateway.session.SessionView;
import dev.latchkey.gateway.session.UserSessionIndex;
import dev.latchkey.gateway.testing.redis.ClusteredRedis;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import dev.latchkey.gateway.testing.redis.ReplicatedRedis;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The user that docs/operations.md shows: its rights are enough for everything, and none is too many. */
final class RedisRightsIT {

    private static final Pattern RULE = Pattern.compile("^(?:ACL SETUSER|user) (latchkey on .*)$", Pattern.MULTILINE);

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** The driver says its name and version, and goes on where it may not; not every server knows the command. */
    private static final List<String> HARMLESS = List.of("client", "client|setinfo");

    @Test
    void storyWhenTheUserHasTheDocumentedRightsThenItRuns() throws IOException {
        try (ReplicatedRedis redis = ReplicatedRedis.start()) {
            allow(redis.first(), rule());
            RedisModesIT.runStory(asUser(redis.properties()));
            endAndList(asUser(redis.properties()));
            assertThat(refused(redis.first())).isSubsetOf(HARMLESS);
            assertThat(rights(rule())).as("what a command needs").isSubsetOf(used(redis.first()));
        }
    }

    @Test
    void scriptsWhenTheyCallRedisThenByRightsThatAreDocumented() throws IOException {
        assertThat(rights(rule())).containsAll(inScripts());
    }

    @Test
    void storyWhenTheUserHasThemOnAClusterThenItRuns() throws IOException {
        String rule = rule() + " " + clusterRights();
        try (ClusteredRedis redis = ClusteredRedis.start()) {
            redis.nodes().forEach(server -> allow(server, rule));
            RedisModesIT.runStory(asUser(redis.properties()));
            assertThat(redis.nodes())
                    .allSatisfy(server -> assertThat(refused(server)).isSubsetOf(HARMLESS));
        }
    }

    /** By the clock of Redis, and with a list that has to be repaired; the story has neither. */
    private static void endAndList(Map<String, Object> properties) {
        Subject ada = new Subject("ada");
        NewSession session = new NewSession(ada, "stamp", new ClientFacts("", ""));
        try (SessionRoom room = SessionRoom.open(properties)) {
            SessionId id = Objects.requireNonNull(room.store().create(session).block(LIMIT))
                    .fold(SessionView::id, () -> {
                        throw new AssertionError("Redis is there");
                    });
            room.revoker().revoke(ada, id, RevocationReason.SIGNED_OUT).block(LIMIT);
            room.bean(UserSessionIndex.class).list(ada).block(LIMIT);
        }
    }

    private static void allow(RedisProcess server, String rule) {
        server.tell("ACL SETUSER " + rule.replaceFirst(">\\S+", ">sesame"));
        server.say("ACL LOG RESET");
        server.tell("CONFIG RESETSTAT");
    }

    private static Map<String, Object> asUser(Map<String, Object> redis) {
        Map<String, Object> properties = new HashMap<>(redis);
        properties.put("spring.data.redis.username", "latchkey");
        properties.put("spring.data.redis.password", "sesame");
        return properties;
    }

    /** Commands that were refused, as the server counts them. */
    private static List<String> refused(RedisProcess server) {
        List<String> lines = server.say("ACL LOG").lines().toList();
        List<String> objects = new ArrayList<>();
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).equals("object")) {
                objects.add(lines.get(i + 1));
            }
        }
        return objects;
    }

    /** What was called, and what is written in scripts that the story has no need of. */
    private static List<String> used(RedisProcess server) throws IOException {
        Stream<String> called = Pattern.compile("^cmdstat_(\\w+):", Pattern.MULTILINE)
                .matcher(server.say("INFO commandstats"))
                .results()
                .map(match -> match.group(1));
        return Stream.concat(called, inScripts().stream()).toList();
    }

    private static List<String> inScripts() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "resources"))) {
            return files.filter(file -> file.toString().endsWith(".lua"))
                    .flatMap(RedisRightsIT::commandsOf)
                    .distinct()
                    .toList();
        }
    }

    private static Stream<String> commandsOf(Path script) {
        try {
            return Pattern.compile("redis\\.call\\('([A-Z]+)'")
                    .matcher(Files.readString(script))
                    .results()
                    .map(match -> match.group(1).toLowerCase(Locale.ROOT));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> rights(String rule) {
        return Stream.of(rule.split(" "))
                .filter(word -> word.startsWith("+"))
                .map(word -> word.substring(1))
                .toList();
    }

    private static String rule() throws IOException {
        return RULE.matcher(operations())
                .results()
                .findFirst()
                .map(MatchResult::group)
                .map(text -> text.replaceFirst("^(ACL SETUSER|user) ", ""))
                .orElseThrow();
    }

    private static String clusterRights() throws IOException {
        return Pattern.compile("In a cluster it also needs `([^`]+)`")
                .matcher(operations())
                .results()
                .findFirst()
                .map(match -> match.group(1))
                .orElseThrow();
    }

    private static String operations() throws IOException {
        return Files.readString(Path.of("..", "docs", "operations.md"));
    }
}
