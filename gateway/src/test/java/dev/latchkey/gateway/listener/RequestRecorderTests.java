package dev.latchkey.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.telemetry.RequestOutcome;
import dev.latchkey.gateway.telemetry.RequestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each request of a connection has one record, which ends once. */
final class RequestRecorderTests {

    private static final String HEAD = " HTTP/1.1\r\nHost: shop.example\r\n";

    private final ClientChannel client = new ClientChannel();

    @AfterEach
    void close() {
        client.close();
    }

    private RequestRecord only() {
        assertThat(client.records()).hasSize(1);
        return client.records().get(0);
    }

    @Test
    void answerWhenWholeThenTheRecordEndsWithItsStatusAndBytes() {
        client.send("POST /a/b?token=secret" + HEAD + "Content-Length: 3\r\n\r\nabc");
        assertThat(client.records()).isEmpty();
        client.answer(7);

        assertThat(only().method()).isEqualTo("POST");
        assertThat(only().path()).isEqualTo("/a/b");
        assertThat(only().status()).isEqualTo(200);
        assertThat(only().requestBytes()).isEqualTo(3);
        assertThat(only().answerBytes()).isEqualTo(7);
        assertThat(only().outcome()).isEqualTo(RequestOutcome.ANSWERED);
        assertThat(only().duration()).isPositive();
    }

    @Test
    void answersWhenRequestsArePipelinedThenEachRecordHasItsOwn() {
        client.send("GET /one" + HEAD + "\r\nGET /two" + HEAD + "\r\nGET /three" + HEAD + "\r\n");
        client.answer(1);
        assertThat(client.records()).hasSize(1);
        client.close();

        assertThat(client.records()).extracting(RequestRecord::path).containsExactly("/one", "/two", "/three");
        assertThat(client.records()).extracting(RequestRecord::answerBytes).containsExactly(1L, 0L, 0L);
        assertThat(client.records().get(2).outcome()).isEqualTo(RequestOutcome.CANCELLED);
        assertThat(client.records().get(2).status()).isZero();
    }

    @Test
    void refusalWhenTheHeadIsMalformedThenRecordedWithItsProblemAndNoMadeUpPath() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assertThat(only().outcome()).isEqualTo(RequestOutcome.REFUSED);
        assertThat(only().reason()).isEqualTo("malformed-request");
        assertThat(only().status()).isEqualTo(400);
        assertThat(only().path()).isEqualTo("/");
    }

    @Test
    void refusalWhenNoRequestLineCouldBeReadThenTheRecordHasNoPath() {
        client.send("\u0001\u0002 nonsense\r\n\r\n");
        assertThat(only().path()).isNull();
        assertThat(only().status()).isEqualTo(400);
    }

    @Test
    void refusalWhenTheHeadComesTooLateThenRecordedOnceAndNamedInTheAnswer() {
        client.ready().send("GET / HTTP/1.1\r\nHo").pass(ClientChannel.HEAD.plusSeconds(2));

        assertThat(client.received()).startsWith("HTTP/1.1 408 ");
        assertThat(only().status()).isEqualTo(408);
        assertThat(only().reason()).isEqualTo("request-timeout");
        assertThat(only().method()).isNull();
    }

    @Test
    void answerWhenItHasBegunAndTheConnectionEndsThenCancelledWithItsStatus() {
        client.send("GET /" + HEAD + "\r\n").begin().more(5).close();

        assertThat(only().outcome()).isEqualTo(RequestOutcome.CANCELLED);
        assertThat(only().reason()).isEqualTo("connection-closed");
        assertThat(only().status()).isEqualTo(200);
        assertThat(only().answerBytes()).isEqualTo(5);
    }

    @Test
    void tunnelWhenOpenedThenTheRecordEndsWithTheConnectionOnce() {
        client.send("GET /" + HEAD + "\r\n").upgrade();
        assertThat(client.records()).isEmpty();
        client.close();

        assertThat(only().isTunnel()).isTrue();
        assertThat(only().status()).isEqualTo(101);
        assertThat(only().reason()).isNull();
    }

    @Test
    void connectionWhenItEndsWithinAHeadOrIsIdleThenNothingIsRecorded() {
        client.send("GET / HTTP/1.1\r\nHo").close();

        assertThat(client.records()).isEmpty();
    }

    @Test
    void idWhenTheClientIsNoProxyThenMadeAnewForAnswerAndBackend() {
        client.send("GET /" + HEAD + "X-Request-Id: mine\r\n\r\n").answer(0);

        String id = only().id();
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(client.request().headers().getAll("X-Request-Id")).containsExactly(id);
        assertThat(client.received()).containsIgnoringCase("X-Request-Id: " + id + "\r\n");
    }

    @Test
    void problemWhenRefusedEarlyThenNamesTheRequest() {
        client.send("TRACE /" + HEAD + "\r\n");

        assertThat(client.received()).contains("\"requestId\":\"" + only().id() + "\"");
    }
}
