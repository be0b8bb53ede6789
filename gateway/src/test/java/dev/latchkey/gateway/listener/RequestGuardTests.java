package dev.latchkey.gateway.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes through to the application, and how the rest is refused. */
final class RequestGuardTests {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: shop.example\r\n\r\n";

    private final ClientChannel client = new ClientChannel();

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "heads.csv", delimiter = '|', quoteCharacter = '"')
    void headWhenReadThenByTheList(String head, String outcome) {
        client.send(head.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t") + "\r\n\r\n");
        if (outcome.startsWith("4") || outcome.startsWith("5")) {
            assertThat(client.requests()).isEmpty();
            assertThat(client.received())
                    .startsWith("HTTP/1.1 " + outcome)
                    .contains("application/problem+json", "nosniff", "no-store", "Vary: Origin", "connection: close");
            assertThat(client.isOpen()).isFalse();
        } else {
            assertThat(client.requests()).containsExactly(outcome);
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void headWhenTooLargeThenSaysSoToItsOrigin() {
        String filler = "X-Filler: " + "x".repeat(9_000) + "\r\n\r\n";
        client.send("GET / HTTP/1.1\r\nHost: a\r\nOrigin: " + ClientChannel.ALLOWED + "\r\n" + filler);
        assertThat(client.received())
                .startsWith("HTTP/1.1 431 ")
                .contains("urn:latchkey:problem:header-fields-too-large")
                .contains("Access-Control-Allow-Origin: " + ClientChannel.ALLOWED);
        assertThat(client.problems("header-fields-too-large")).isEqualTo(1);
    }

    @Test
    void lineWhenTooLongThenSaysSo() {
        client.send(
                "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\nOrigin: " + ClientChannel.ALLOWED + "\r\n\r\n");
        assertThat(client.received())
                .startsWith("HTTP/1.1 414 ")
                .contains("urn:latchkey:problem:uri-too-long")
                .contains("Access-Control-Allow-Origin: " + ClientChannel.ALLOWED);
    }

    @Test
    void refusalWhenAnswersAreOwedThenItComesBehindThem() {
        client.send(GET + "TRACE /a HTTP/1.1\r\nHost: shop.example\r\n\r\n" + GET);
        assertThat(client.requests()).containsExactly("GET /a");
        assertThat(client.received()).isEmpty();
        client.answer(3);
        assertThat(client.received()).startsWith("HTTP/1.1 200 OK").contains("HTTP/1.1 405 ");
        assertThat(client.isOpen()).isFalse();
    }

    /** Of both kinds, whatever it is that stands behind it (RFC 9112 section 9.6). */
    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, Connection: close, GET /b HTTP/1.1|Host: a||",
        "HTTP/1.1, Connection: close, TRACE /b HTTP/1.1|Host: a||",
        "HTTP/1.1, 'connection: X-Odd, Close', GET /%zz HTTP/1.1|Host: a||",
        "HTTP/1.0, X-Odd: keep-alive, GET /b|zz||"
    })
    void requestWhenItIsTheLastOfItsConnectionThenNothingBehindItIsRead(String version, String line, String behind) {
        client.send(("GET /a " + version + "|Host: a|" + line + "||" + behind).replace("|", "\r\n"));
        client.answer(3).send("zz\r\n\r\n");

        assertThat(client.requests()).containsExactly("GET /a");
        assertThat(client.received()).startsWith("HTTP/1.1 200 OK").doesNotContain("HTTP/1.1 4");
    }

    @Test
    void requestWhenItsAnswerIsTheLastOfItsConnectionThenNothingBehindItIsRead() {
        client.send(GET + "TRACE /b HTTP/1.1\r\nHost: a\r\n\r\n").answerLast();

        assertThat(client.received()).startsWith("HTTP/1.1 200 OK").doesNotContain("HTTP/1.1 4");
    }

    @Test
    void bodyWhenItsAnswerIsTheLastOfItsConnectionThenReadToItsEnd() {
        client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabc")
                .answerLast()
                .send("defGET /b HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.content()).isEqualTo("abcdef");
        assertThat(client.requests()).containsExactly("POST /a");
    }

    @Test
    void requestsWhenTooManyAreUnansweredThenNoMoreIsRead() {
        client.send(GET.repeat(8));
        int before = client.reads();
        assertThat(client.ready().reads()).isEqualTo(before);
        assertThat(client.answer(1).reads()).isEqualTo(before + 1);
    }

    @Test
    void bodyWhenMalformedThenRefusedAndTheAnswerOfTheApplicationIsDropped() {
        client.takes(false).send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        client.answer(3).send("more").takes(true);
        assertThat(client.received())
                .startsWith("HTTP/1.1 400 ")
                .contains("malformed-request")
                .doesNotContain("200 OK");
        assertThat(client.isOpen()).isFalse();
    }

    /** As one with a malformed head is refused. */
    @Test
    void bodyWhenMalformedBehindUnansweredRequestsThenRefusedBehindTheirAnswers() {
        String post = "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";
        client.send(GET + GET + post + "Origin: " + ClientChannel.ALLOWED + "\r\n\r\nzz\r\n");
        client.answer(3).send("1\r\nx\r\n0\r\n\r\n" + GET);
        assertThat(client.received()).startsWith("HTTP/1.1 200 OK").doesNotContain("HTTP/1.1 4");
        client.answer(3);

        assertThat(client.received().split("HTTP/1.1 200 OK", -1)).hasSize(3);
        assertThat(client.received())
                .containsPattern("(?s)200 OK.*200 OK.*HTTP/1.1 400 .*malformed-request")
                .contains("Access-Control-Allow-Origin: " + ClientChannel.ALLOWED);
        assertThat(client.requests()).containsExactly("GET /a", "GET /a", "POST /b");
        assertThat(client.content()).isEmpty();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void bodyWhenMalformedBehindTheLastAnswerOfItsConnectionThenNotRefused() {
        client.takes(false).send(GET + "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        client.answerLast().send("1\r\nx\r\n").takes(true);

        assertThat(client.received()).startsWith("HTTP/1.1 200 OK").doesNotContain("HTTP/1.1 4");
        assertThat(client.content()).isEmpty();
    }

    /** The server behind the guard refuses such a Host without a word, and warns of it. */
    @Test
    void hostWhenItsPortIsEmptyThenComesThroughWithoutIt() {
        client.send("GET /a HTTP/1.1\r\nHost: shop.example:\r\n\r\n");
        assertThat(client.request().headers().getAll("Host")).containsExactly("shop.example");
    }

    @Test
    void refusalWhenTheOriginIsHttpsThenStrictAndLegibleWhereverItFailed() {
        String head = "POST /a HTTP/1.1\r\nHost: a\r\nOrigin: " + ClientChannel.ALLOWED + "\r\n";
        List<List<String>> faults = List.of(
                List.of(head + "X: \u0001\r\n\r\n"),
                List.of(head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
                List.of(head, "X-Filler: " + "x".repeat(4_000), "x".repeat(6_000)),
                List.of(head, "X-Slow: "));
        for (List<String> reads : faults) {
            try (ClientChannel each = new ClientChannel()) {
                reads.forEach(each::send);
                each.pass(ClientChannel.HEAD);
                assertThat(each.received())
                        .startsWith("HTTP/1.1 4")
                        .contains("Access-Control-Allow-Origin: " + ClientChannel.ALLOWED)
                        .contains("Strict-Transport-Security: max-age=");
            }
        }
    }

    @Test
    void refusalWhenTheOriginIsOfAnEarlierRequestThenItOpensNothing() {
        client.send("GET /a HTTP/1.1\r\nHost: a\r\nOrigin: " + ClientChannel.ALLOWED + "\r\n\r\n")
                .answer(0)
                .send("GET /a HTTP/1.1\r\n\r\n");
        assertThat(client.received()).contains("HTTP/1.1 400").doesNotContain("Access-Control-Allow-Origin");
    }

    /** All in one read, or not: a client that pipelines may be a proxy with many users. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /b HTTP/1.1|Host: a|X: \u0001||GET /c HTTP/1.1|Host: a|Origin: %s||",
                "GET /a HTTP/1.1|Host: a|Origin: %s||GET /b HTTP/1.1|Host: a|X: \u0001||",
                "GET /a HTTP/1.1|Host: a|Origin: %s||GET /b HTTP/1.1|Host: a|~X: 1|",
                "POST /a HTTP/1.1|Host: a|Content-Length: 35||x|Origin: %s|x|GET /b HTTP/1.1|Host: a|X: \u0001||",
                "|GET /b HTTP/1.1|Host: a|X: \u0001||GET /c HTTP/1.1|Host: a|Origin: %s||"
            })
    void refusalWhenTheOriginIsOfAnotherPipelinedRequestThenItOpensNothing(String requests) {
        client.takes(false);
        for (String read :
                requests.formatted(ClientChannel.ALLOWED).replace("|", "\r\n").split("~", -1)) {
            client.send(read);
        }
        client.answer(0).takes(true).pass(ClientChannel.HEAD);

        assertThat(client.received())
                .containsPattern("HTTP/1\\.1 40[08] ")
                .doesNotContain("Access-Control-Allow-Origin");
    }

    @Test
    void refusalWhenItsRequestIsPipelinedBehindAnotherThenLegibleToItsOrigin() {
        String origin = "Origin: " + ClientChannel.ALLOWED + "\r\n\r\n";
        client.send(GET + "\r\nGET /b HTTP/1.1\r\nHost: a\r\nX: \u0001\r\n" + origin)
                .answer(0);

        assertThat(client.received())
                .contains("HTTP/1.1 400 ")
                .contains("Access-Control-Allow-Origin: " + ClientChannel.ALLOWED);
    }

    @Test
    void bodyWhenMalformedBehindTheBeginningOfItsAnswerThenCut() {
        client.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                .begin()
                .send("zz\r\n");
        assertThat(client.received()).startsWith("HTTP/1.1 200 ").doesNotContain("HTTP/1.1 4");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void targetWhenItHoldsWhatIsNoUriThenKeptBesideIt() {
        client.send("GET /a?q={x}|\\^` HTTP/1.1\r\nHost: a\r\nLatchkey-Raw-Target: /evil\r\n\r\n");
        assertThat(client.requests()).containsExactly("GET /a?q=%7Bx%7D%7C%5C%5E%60");
        assertThat(client.request().headers().getAll("Latchkey-Raw-Target")).containsExactly("/a?q={x}|\\^`");
    }

    @ParameterizedTest
    @CsvSource({"1.2, 1.1, true", "1.9, 1.1, true", "1.1, 1.1, true", "1.0, 1.0, false"})
    void versionWhenItIsNotOursThenServedAsTheClosestOneThatIs(String sent, String served, boolean isExpecting) {
        client.send("POST /a HTTP/" + sent + "\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");

        assertThat(client.request().protocolVersion()).hasToString("HTTP/" + served);
        assertThat(client.request().headers().contains("Expect")).isEqualTo(isExpecting);
    }

    @Test
    void targetWhenItIsAUriThenNoClientCanPretendAnother() {
        client.send("GET /a HTTP/1.1\r\nHost: a\r\nLatchkey-Raw-Target: /evil\r\n\r\n");
        assertThat(client.request().headers().getAll("Latchkey-Raw-Target")).isEmpty();
    }
}
