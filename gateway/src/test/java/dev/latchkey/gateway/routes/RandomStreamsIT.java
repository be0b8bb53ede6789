package dev.latchkey.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.Leaks;
import dev.latchkey.gateway.routes.RandomAnswer.Kind;
import dev.latchkey.gateway.routes.RandomAnswer.Page;
import dev.latchkey.gateway.routes.ScriptedBackend.Asked;
import dev.latchkey.gateway.routes.ScriptedBackend.Reply;
import dev.latchkey.gateway.routes.ScriptedBackend.Then;
import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawHttp2;
import dev.latchkey.gateway.testing.RawHttp2.Outcome;
import dev.latchkey.gateway.testing.World;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Two users whose requests are streams of one connection, as behind a proxy, to a backend that answers at random:
 * through lane and chain at the same time, with early hints and without. {@code -Dlatchkey.random-streams.seconds} and
 * {@code -Dlatchkey.random-streams.seed} say how long and which answers; without a seed they are others each time.
 */
@ExtendWith(Leaks.class)
@AboutTheLane
final class RandomStreamsIT {

    private static final long SECONDS = Long.getLong("latchkey.random-streams.seconds", 5);
    private static final long SEED = Long.getLong("latchkey.random-streams.seed", System.nanoTime() % 1_000_000);
    private static final int LIMIT = 30_000;
    private static final int ROUNDS_OF_A_CONNECTION = 30;
    private static final int BACKENDS_CONNECTIONS = 4;
    private static final int MOST_STREAMS = 12;
    private static final int MOST_HINTS = 8;
    private static final int PIECE = 7000;
    private static final Pattern MARK = Pattern.compile("(ada|bob)-\\d{7}");

    /** The rest of a request may be unwanted after the answer to it. */
    private static final Pattern WHOLE = Pattern.compile("i{0,8}(?:H|hd*[DT])r?");

    private static final Pattern BROKEN_OFF = Pattern.compile("i{0,8}hd*e");
    private static final String HINT = "HTTP/1.1 103 Early Hints\r\nLink: ";
    private static final String UNTIL_CLOSED = "Connection: close\r\n\r\n";

    private static final Map<String, Turn> TURNS = new ConcurrentHashMap<>();
    private static final ScriptedBackend BACKEND = backend();

    @RegisterExtension
    static final World WORLD = new World(Map.of(
            "latchkey.http2.cleartext",
            true,
            "latchkey.routes.file",
            routes().toString(),
            "latchkey.backends.max-connections",
            BACKENDS_CONNECTIONS));

    private final Random random = new Random(SEED);
    private final RandomAnswer.Maker maker = new RandomAnswer.Maker(SEED);
    private final Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
    private Map<String, String> cookies = Map.of();
    private int number;
    private int hinted;
    private int trailed;
    private int brokenOff;

    /** One stream, and what its backend is to answer. */
    private static final class Turn {

        private final int stream;
        private final String way;
        private final String mark;
        private final RandomAnswer plan;
        private final CountDownLatch allAsked;
        private volatile Asked last = new Asked("", new CountDownLatch(1));

        Turn(int stream, String way, String mark, RandomAnswer plan, CountDownLatch allAsked) {
            this.stream = stream;
            this.way = way;
            this.mark = mark;
            this.plan = plan;
            this.allAsked = allAsked;
        }

        Reply asked(Asked asked) {
            last = asked;
            allAsked.countDown();
            await(allAsked, "all were asked: " + this);
            return plan.reply();
        }

        /** What comes of a right answer before anything behind it. */
        String answer() {
            return plan.bytes().substring(0, plan.end());
        }

        @Override
        public String toString() {
            return "seed %d, %s on stream %d by the %s, %s".formatted(SEED, mark, stream, way, plan);
        }
    }

    private static ScriptedBackend backend() {
        try {
            return new ScriptedBackend(asked ->
                    Objects.requireNonNull(TURNS.get(mark(asked.head()))).asked(asked));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The first is that of the path. */
    private static String mark(String head) {
        Matcher mark = MARK.matcher(head);
        assertThat(mark.find()).as(head).isTrue();
        return mark.group();
    }

    private static void await(CountDownLatch latch, String what) {
        try {
            assertThat(latch.await(LIMIT, TimeUnit.MILLISECONDS)).as(what).isTrue();
        } catch (InterruptedException failure) {
            throw new AssertionError(what, failure);
        }
    }

    private static Path routes() {
        try {
            Path file = Files.createTempFile("latchkey-streams", ".yml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "version: 1\nroutes:\n" + route("lane", "on") + route("chain", "off"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String route(String id, String lane) {
        return """
                  - id: %s
                    match: { path: /%s/** }
                    to: http://%s
                    entry: { access: required, audience: shop }
                    lane: %s
                """.formatted(id, id, BACKEND.address(), lane);
    }

    @AfterAll
    static void stop() throws IOException {
        BACKEND.close();
    }

    @Test
    void streamsWhenTheBackendAnswersAtRandomThenEachGetsItsOwnAnswerOrABrokenOne() {
        System.out.println("streams of seed " + SEED);
        cookies = Map.of(
                "ada",
                WORLD.signedIn("ada").cookies(),
                "bob",
                WORLD.signedIn("bob").cookies());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try (Gateway hinting = WORLD.startFreshNode(Map.of("latchkey.answers.early-hints", true))) {
            while (System.nanoTime() < end) {
                play(WORLD.port(), false);
                play(hinting.port(), true);
            }
        }
        System.out.printf(
                "streams of seed %d: %d, broken off %d, with hints %d, with trailers %d, over %d connections, %s%n",
                SEED, number, brokenOff, hinted, trailed, BACKEND.connections(), seen);
        assertThat(seen).as("everything was tried").containsKeys(Kind.values());
        assertThat(List.of(hinted, trailed, brokenOff)).allMatch(count -> count > 0);
        assertThat(BACKEND.connections()).as("some were kept").isLessThan(BACKEND.requests());
        assertThat(WORLD.operator().meter("latchkey_lane_requests_total"))
                .as("requests of the lane")
                .isPositive();
    }

    /** One connection, whose streams have small windows or large ones. */
    private void play(int port, boolean mayHint) {
        try (RawHttp2 client = RawHttp2.connect(port)
                .setting(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, 1024L << random.nextInt(8))) {
            int stream = 1;
            for (int round = 0; round < ROUNDS_OF_A_CONNECTION; round++) {
                List<Turn> turns = turns(stream);
                stream += 2 * turns.size();
                turns.forEach(turn -> TURNS.put(turn.mark, turn));
                exchange(client, turns);
                turns.forEach(turn -> judge(turn, client, mayHint));
                turns.stream()
                        .filter(turn -> turn.plan.isClosedLater())
                        .forEach(turn -> await(turn.last.closed(), "closed: " + turn));
                TURNS.clear();
            }
        }
    }

    /**
     * Those of one round. They are more than the backend's connections, so that these are handed on; or so few that
     * each has one, and none is answered before all were asked: bytes behind an answer must not be on their way when
     * its connection is used for the next.
     */
    private List<Turn> turns(int firstStream) {
        boolean isCrowd = random.nextBoolean();
        int count = isCrowd
                ? BACKENDS_CONNECTIONS + 1 + random.nextInt(MOST_STREAMS - BACKENDS_CONNECTIONS)
                : 2 + random.nextInt(BACKENDS_CONNECTIONS - 1);
        CountDownLatch allAsked = new CountDownLatch(isCrowd ? 0 : count);
        List<Turn> turns = new ArrayList<>();
        while (turns.size() < count) {
            String mark = "%s-%07d".formatted(random.nextBoolean() ? "ada" : "bob", number);
            RandomAnswer plan = maker.next(mark);
            if (!isCrowd || !plan.isClosedLater()) {
                String way = random.nextBoolean() ? "lane" : "chain";
                turns.add(new Turn(firstStream + 2 * turns.size(), way, mark, plan, allAsked));
                seen.merge(plan.kind(), 1, Integer::sum);
                number++;
            }
        }
        return turns;
    }

    /** All heads, then all bodies in turn; what comes is read to the end of all streams. */
    private void exchange(RawHttp2 client, List<Turn> turns) {
        for (Turn turn : turns) {
            client.headers(
                    turn.stream,
                    turn.plan.upload() == 0,
                    ":method",
                    turn.plan.method(),
                    ":scheme",
                    "http",
                    ":path",
                    "/" + turn.way + "/" + turn.mark,
                    ":authority",
                    "localhost",
                    "origin",
                    World.ORIGIN,
                    "cookie",
                    cookies.get(turn.mark.substring(0, 3)),
                    "content-length",
                    String.valueOf(turn.plan.upload()));
        }
        for (int sent = 0; sent < largest(turns); sent += PIECE) {
            for (Turn turn : turns) {
                int left = turn.plan.upload() - sent;
                if (left > 0) {
                    client.data(turn.stream, left <= PIECE, "u".repeat(Math.min(left, PIECE)));
                }
            }
        }
        for (Turn turn : turns) {
            try {
                client.await(turn.stream);
            } catch (UncheckedIOException silence) {
                throw new AssertionError(turn.toString(), silence);
            }
        }
        client.ping();
    }

    private static int largest(List<Turn> turns) {
        return turns.stream().mapToInt(turn -> turn.plan.upload()).max().orElseThrow();
    }

    private void judge(Turn turn, RawHttp2 client, boolean mayHint) {
        Outcome outcome = client.of(turn.stream);
        String where = turn + " gave " + outcome.frames() + " " + outcome.fields() + outcome.body();
        assertThat(client.goAway()).as("of the connection: " + where).isEqualTo(-1);
        assertThat(MARK.matcher(outcome.fields() + outcome.body()).results().map(MatchResult::group))
                .as("marks: " + where)
                .allMatch(turn.mark::equals);
        hinted += outcome.interims().isEmpty() ? 0 : 1;
        assertThat(outcome.interims()).as(where).matches(mayHint ? "(?:103 )*" : "");
        if (turn.plan.page().isPresent()) {
            judgeWhole(turn, turn.plan.page().get(), outcome, mayHint, where);
        } else {
            judgeBroken(turn, outcome, where);
        }
    }

    private void judgeWhole(Turn turn, Page page, Outcome outcome, boolean mayHint, String where) {
        assertThat(outcome.frames()).as(where).matches(WHOLE);
        assertThat(outcome.status()).as(where).isEqualTo(page.status());
        assertThat(outcome.body()).as(where).isEqualTo(page.body());
        int hints = turn.answer().split(Pattern.quote(HINT), -1).length - 1;
        assertThat(outcome.interims()).as(where).isEqualTo("103 ".repeat(mayHint ? Math.min(hints, MOST_HINTS) : 0));
        assertThat(outcome.field("x-mark"))
                .as(where)
                .isEqualTo(turn.plan.kind() == Kind.FORBIDDEN_BODY ? null : turn.mark);
        boolean hasTrailers = turn.answer().contains("\r\nX-Trailer: ");
        trailed += hasTrailers ? 1 : 0;
        assertThat(outcome.frames().contains("T")).as(where).isEqualTo(hasTrailers);
        assertThat(outcome.trailer("x-trailer")).as(where).isEqualTo(hasTrailers ? turn.mark : "null");
    }

    /**
     * The gateway's own answer, or what came and no end; an answer that ends with its connection is not known to be
     * cut.
     */
    private void judgeBroken(Turn turn, Outcome outcome, String where) {
        String bytes = turn.plan.bytes();
        int body = bytes.indexOf(UNTIL_CLOSED);
        if (BROKEN_OFF.matcher(outcome.frames()).matches()) {
            brokenOff++;
            String sent = ("page of " + turn.mark + "; ").repeat(2000);
            assertThat(turn.plan.kind() == Kind.UNREADABLE || sent.startsWith(outcome.body()))
                    .as(where)
                    .isTrue();
        } else if (outcome.status() == 502) {
            assertThat(outcome.frames()).as(where).matches(WHOLE);
            assertThat(outcome.body()).as(where).doesNotContain("page of");
        } else {
            assertThat(outcome.frames()).as(where).matches(WHOLE);
            assertThat(body >= 0 && turn.plan.then() == Then.END).as(where).isTrue();
            assertThat(outcome.body()).as(where).isEqualTo(bytes.substring(body + UNTIL_CLOSED.length()));
        }
    }
}
