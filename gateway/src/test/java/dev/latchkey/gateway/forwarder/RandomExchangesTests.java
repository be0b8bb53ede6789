package dev.latchkey.gateway.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.forwarder.RandomExchange.Leave;
import dev.latchkey.gateway.forwarder.RandomExchange.Then;
import dev.latchkey.gateway.forwarder.RawBackend.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Many exchanges over few connections, which either side cuts at any stage. {@code -Dlatchkey.exchanges} and
 * {@code -Dlatchkey.exchanges.seed} say how many, and which; without a seed they are others each time.
 */
@ExtendWith(Leaks.class)
final class RandomExchangesTests {

    private static final int COUNT = Integer.getInteger("latchkey.exchanges", 3_000);
    private static final long SEED = Long.getLong("latchkey.exchanges.seed", System.nanoTime() % 1_000_000);
    private static final int AT_ONCE = 8;
    private static final Pattern NUMBER = Pattern.compile("X-Number: (\\d+)");

    @Test
    void exchangesWhenCutAnywhereThenEachIsGivenItsOwnAndNothingLeaks() throws IOException {
        System.out.println("exchanges of seed " + SEED);
        try (RawBackend backend = new RawBackend(RandomExchangesTests::serve);
                Calls calls = Calls.withConnections(4, AT_ONCE, Duration.ofSeconds(30))) {
            Queue<Player> players = new ArrayDeque<>();
            int whole = 0;
            for (int number = 0; number < COUNT; number++) {
                if (players.size() == AT_ONCE) {
                    whole += players.remove().judge() ? 1 : 0;
                }
                players.add(Player.begin(calls, backend, number));
            }
            while (!players.isEmpty()) {
                whole += players.remove().judge() ? 1 : 0;
            }
            System.out.println(COUNT + " exchanges, " + whole + " whole, over " + backend.connections());
            assertThat(whole).isGreaterThan(COUNT / 4);
            assertThat(backend.connections()).isLessThan(COUNT);
        }
    }

    private static void serve(Peer peer) throws IOException {
        boolean goesOn = true;
        while (goesOn) {
            Matcher number = NUMBER.matcher(peer.readHead());
            if (!number.find()) {
                return;
            }
            RandomExchange plan = RandomExchange.of(SEED, Integer.parseInt(number.group(1)));
            if (plan.upload() >= 0
                    && !plan.isEarly()
                    && peer.readUntil("0\r\n\r\n").isEmpty()) {
                return;
            }
            peer.send(plan.interim() + plan.whole().substring(0, plan.answer()));
            if (plan.then() == Then.RESET) {
                peer.reset();
            } else if (plan.then() == Then.END) {
                peer.end();
                peer.drain();
            }
            goesOn = plan.then() == Then.STAY
                    && (!plan.isEarly() || !peer.readUntil("0\r\n\r\n").isEmpty());
        }
    }

    /** The client's side of one exchange. */
    private static final class Player extends Recorder {

        private final RandomExchange plan;
        private volatile boolean hasLeft;

        private Player(RandomExchange plan) {
            super(true);
            this.plan = plan;
        }

        static Player begin(Calls calls, RawBackend backend, int number) {
            RandomExchange plan = RandomExchange.of(SEED, number);
            Player player = new Player(plan);
            boolean hasBody = plan.upload() >= 0;
            HttpRequest head = Calls.request(plan.method(), "X-Number", Integer.toString(number));
            if (hasBody) {
                head.headers().set("Transfer-Encoding", "chunked");
            }
            calls.run(() -> {
                BackendExchange exchange = calls.beginHere(Calls.to(backend), head, hasBody, player);
                if (hasBody) {
                    player.upload(exchange);
                }
                if (plan.leave() == Leave.AT_ONCE) {
                    player.leave();
                }
            });
            return player;
        }

        /** All at once, as a caller may that does not look whether it is writable. */
        private void upload(BackendExchange exchange) {
            int left = plan.upload();
            for (; left > 10_000; left -= 10_000) {
                exchange.content(Calls.part("u".repeat(10_000)));
            }
            if (plan.leave() == Leave.UPLOADING) {
                leave();
            }
            exchange.content(Calls.last("u".repeat(left)));
        }

        private void leave() {
            hasLeft = true;
            cancel();
        }

        private void leaveAt(Leave now) {
            if (plan.leave() == now) {
                leave();
            }
        }

        @Override
        public void interim(HttpResponse head) {
            super.interim(head);
            leaveAt(Leave.AT_INTERIM);
        }

        @Override
        public void head(HttpResponse head) {
            super.head(head);
            leaveAt(Leave.AT_HEAD);
        }

        @Override
        public void content(ByteBuf part) {
            super.content(part);
            leaveAt(Leave.AT_CONTENT);
        }

        /** @return whether it got all */
        boolean judge() {
            until(() ->
                    hasLeft || toldSoFar().stream().anyMatch(told -> told.startsWith("end") || told.startsWith("fa")));
            String where = "seed " + SEED + ", " + plan.mark() + plan.method() + plan.upload() + plan.leave()
                    + plan.then() + plan.answer() + "/" + plan.whole().length() + " told " + toldSoFar();
            boolean hasEnded = toldSoFar().stream().anyMatch(told -> told.startsWith("end"));
            if (hasHead()) {
                assertThat(response().headers().get("X-Mark")).as(where).isEqualTo(plan.mark());
            }
            assertThat(plan.body()).as(where).startsWith(body());
            if (hasEnded && !plan.hasAnyEnd()) {
                assertThat(plan.isWhole() || plan.method().equals("HEAD"))
                        .as(where)
                        .isTrue();
                assertThat(body()).as(where).isEqualTo(plan.body());
            }
            if (!hasLeft && plan.isWhole() && plan.then() != Then.RESET) {
                assertThat(hasEnded).as(where).isTrue();
            }
            return hasEnded;
        }
    }
}
