package dev.latchkey.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.token.EndpointPaths;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For how long a client is waited for, by a clock that the test moves. */
final class TimeoutHandlerTests {

    private static final String HOST = "Host: shop.example\r\n";
    private static final String GET = "GET /api/x HTTP/1.1\r\n" + HOST + "\r\n";
    private static final Duration MOMENT = Duration.ofSeconds(3);

    private final ClientChannel client = new ClientChannel();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void headWhenItComesByteByByteThenRefusedAtItsLimit() {
        for (int second = 0; second < ClientChannel.HEAD.toSeconds() - 1; second++) {
            client.send("G").pass(Duration.ofSeconds(1));
        }
        assertThat(client.isOpen()).isTrue();
        client.send("G").pass(MOMENT);
        assertThat(client.isOpen()).isFalse();
        assertThat(client.received())
                .startsWith("HTTP/1.1 408 ")
                .contains("urn:latchkey:problem:request-timeout", "connection: close");
        assertThat(client.closed(Closing.HEAD_TIMEOUT)).isEqualTo(1);
        assertThat(client.problems("request-timeout")).isEqualTo(1);
    }

    @Test
    void headWhenItIsTheSecondOneThenItHasTheSameLimit() {
        client.send(GET).answer(1).pass(Duration.ofSeconds(60)).send("GET /").pass(ClientChannel.HEAD.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.HEAD_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void headWhenASlowAnswerComesBeforeItThenWaitedForAfterIt() {
        client.send(GET + "GET /").pass(Duration.ofMinutes(5));
        assertThat(client.isOpen()).isTrue();
        client.answer(1).send("x").pass(ClientChannel.HEAD.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void headWhenItsBeginningCameWithAWholeRequestThenItHasItsOwnLimit() {
        client.send(GET + "GET /api/y HTTP/1.1\r\n").answer(1).pass(ClientChannel.HEAD.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.HEAD_TIMEOUT)).isEqualTo(1);
    }

    /** Some clients send one behind a body (RFC 9112 section 2.2), in the same packet or not. */
    @ParameterizedTest
    @ValueSource(strings = {"x|", "x~|", "x~|~|", "x~\r~\n"})
    void emptyLineWhenItComesBehindAWholeRequestThenNoHeadHasBegun(String body) {
        client.send("POST /api/x HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\n");
        for (String read : body.replace("|", "\r\n").split("~", -1)) {
            client.send(read);
        }
        client.answer(1).send("\r\n").pass(ClientChannel.IDLE.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.closed(Closing.IDLE_TIMEOUT)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/sign-in", "/auth/token", "/%61uth/sign-in", "/.well-known/jwks.json"})
    void bodyWhenItIsForTheGatewayThenRefusedAtItsLimitHoweverItComes(String path) {
        client.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\n");
        for (int second = 0; second < ClientChannel.BODY.toSeconds() - 1; second++) {
            client.ready().send("x").pass(Duration.ofSeconds(1));
        }
        assertThat(client.isOpen()).isTrue();
        client.send("x").pass(MOMENT);
        assertThat(client.isOpen()).isFalse();
        assertThat(client.received()).startsWith("HTTP/1.1 408 ");
        assertThat(client.closed(Closing.BODY_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void bodyWhenTheGatewaysPathsAreMovedThenLimitedThere() {
        assertThat(isOpenAfterTheBodysLimit("/gate/sign-in")).isFalse();
        assertThat(isOpenAfterTheBodysLimit("/auth/sign-in")).isTrue();
    }

    private static boolean isOpenAfterTheBodysLimit(String path) {
        try (ClientChannel moved = new ClientChannel(new EndpointPaths("/gate"))) {
            moved.send("POST " + path + " HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\n");
            for (int second = 0; second < ClientChannel.BODY.plus(MOMENT).toSeconds() && moved.isOpen(); second++) {
                moved.ready().send("x").pass(Duration.ofSeconds(1));
            }
            return moved.isOpen();
        }
    }

    @Test
    void bodyWhenItIsForABackendThenOnlyItsPausesAreLimited() {
        client.send("POST /api/x HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\n");
        for (int piece = 0; piece < 20; piece++) {
            client.ready().pass(ClientChannel.BODY_IDLE.minus(MOMENT)).send("x");
        }
        assertThat(client.isOpen()).isTrue();
        client.ready().pass(ClientChannel.BODY_IDLE.plus(MOMENT));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.BODY_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void bodyWhenTheGatewayIsReadyWhileAPartIsDecodedThenThePauseAfterItIsLimited() {
        client.readyAtOnce()
                .send("POST /api/x HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\nx")
                .pass(ClientChannel.BODY_IDLE.minus(MOMENT))
                .send("x")
                .pass(ClientChannel.BODY_IDLE.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.BODY_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void bodyWhenItIsTheGatewayThatDoesNotReadThenWaitedFor() {
        client.send("POST /api/x HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\nx")
                .pass(Duration.ofHours(1));
        assertThat(client.isOpen()).isTrue();
    }

    /** The gateway reads no more of it until it has answered. */
    @Test
    void bodyWhenASlowAnswerComesBeforeItThenWaitedForAfterIt() {
        client.send(GET + "POST /auth/sign-in HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\n")
                .pass(Duration.ofMinutes(5));
        assertThat(client.isOpen()).isTrue();
        client.answer(1).send("x").pass(ClientChannel.BODY.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.received()).startsWith("HTTP/1.1 200 OK").contains("HTTP/1.1 408 ");
    }

    /** Its client may wait to be asked for it, which nobody could do before. */
    @Test
    void bodyWhenItsHeadWasHeldBehindAHandshakeThenItsPauseBeginsAfterThat() {
        client.holding().ready().send("GET /socket HTTP/1.1\r\n" + HOST + "Upgrade: websocket\r\n\r\n");
        client.ready().send("POST /api/x HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\n\r\n");
        client.ready().pass(ClientChannel.BODY_IDLE).answer(0).pass(ClientChannel.BODY_IDLE.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.closed(Closing.BODY_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void bodyWhenItsAnswerWasGivenThenTheRestIsNotWaitedForLong() {
        client.send("POST /api/x HTTP/1.1\r\n" + HOST + "Content-Length: 100000\r\n\r\n")
                .answer(10);
        for (int second = 0; second < ClientChannel.BODY.plus(MOMENT).toSeconds() && client.isOpen(); second++) {
            client.ready().send("x").pass(Duration.ofSeconds(1));
        }
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.BODY_TIMEOUT)).isEqualTo(1);
        assertThat(client.received()).contains("200 OK").doesNotContain("HTTP/1.1 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", GET})
    void connectionWhenNoRequestComesThenClosedWithoutAWordAboveABalancersSixtySeconds(String before) {
        if (!before.isEmpty()) {
            client.send(before).answer(0);
        }
        client.pass(ClientChannel.IDLE.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(2));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.received()).doesNotContain("HTTP/1.1 4");
        assertThat(client.closed(Closing.IDLE_TIMEOUT)).isEqualTo(1);
    }

    @Test
    void connectionWhenABackendIsAtWorkThenNobodyIsLate() {
        client.send(GET).pass(Duration.ofHours(2));
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void readerWhenItTakesNothingThenCutOff() {
        client.send(GET).begin().takes(false).more(100_000).pass(ClientChannel.SLOW.minus(MOMENT));
        assertThat(client.isOpen()).isTrue();
        client.pass(MOMENT.multipliedBy(3));
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.SLOW_READER)).isEqualTo(1);
    }

    @Test
    void readerWhenItTakesTooLittleThenCutOff() {
        client.send(GET).begin().takes(false).more(100_000);
        for (int second = 0; second < 90 && client.isOpen(); second++) {
            client.takes(true)
                    .takes(false)
                    .more(500)
                    .pass(Duration.ofSeconds(1))
                    .more(500);
        }
        assertThat(client.isOpen()).isFalse();
        assertThat(client.closed(Closing.SLOW_READER)).isEqualTo(1);
    }

    @Test
    void readerWhenItIsSlowButTakesEnoughThenServed() {
        client.send(GET).begin().takes(false).more(100_000);
        for (int second = 0; second < 300; second++) {
            client.takes(true).takes(false).more(2_000).pass(Duration.ofSeconds(1));
        }
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void readerWhenTheEndOfItsAnswerStillWaitsThenItIsNotIdle() {
        client.send(GET).begin().takes(false);
        for (int piece = 0; piece < 30; piece++) {
            client.more(20_000);
        }
        client.end();
        for (int piece = 0; piece < 25; piece++) {
            client.pass(Duration.ofSeconds(5)).takesOne();
        }
        assertThat(client.isOpen()).isTrue();
        client.takes(true).pass(ClientChannel.IDLE.plus(MOMENT));
        assertThat(client.closed(Closing.IDLE_TIMEOUT)).isEqualTo(1);
        assertThat(client.closed(Closing.SLOW_READER)).isZero();
    }

    @Test
    void readerWhenNothingWaitsThenAStreamMayBeSilent() {
        client.send(GET).begin().more(20).pass(Duration.ofHours(5)).more(20).pass(Duration.ofHours(5));
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void socketWhenUpgradedThenItMayBeSilent() {
        client.send("GET /api/socket HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
                .upgrade()
                .ready()
                .pass(Duration.ofHours(5));
        assertThat(client.isOpen()).isTrue();
    }
}
