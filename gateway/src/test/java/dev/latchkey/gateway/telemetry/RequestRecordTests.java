package dev.latchkey.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

final class RequestRecordTests {

    private final RequestRecord request = new RequestRecord(null, 100);

    @Test
    void overheadWhenSentTwiceThenWithoutEitherWait() {
        request.sent(110);
        request.left(150);
        request.sent(160);
        request.answered(200);
        request.begun(200, 230);
        assertThat(request.overhead()).isEqualTo(10 + 10 + 30);
        assertThat(request.backendDuration()).isEqualTo(40);
        assertThat(request.wasSent()).isTrue();
    }

    @Test
    void overheadWhenNoBackendIsAskedThenUntilTheHeadOfTheAnswer() {
        request.begun(404, 130);
        request.ended(900, true);
        assertThat(request.overhead()).isEqualTo(30);
        assertThat(request.wasSent()).isFalse();
    }

    /** Records wait in queues, and each part of the first line may have 16 KB. */
    @Test
    void endedWhenTheFirstLineIsLongThenKeepsItsBeginning() {
        RequestRecord longest = new RequestRecord(
                new DefaultHttpRequest(
                        HttpVersion.HTTP_1_1, HttpMethod.valueOf("M".repeat(9_000)), "/" + "p".repeat(9_000)),
                100);
        longest.ended(900, true);
        assertThat(longest.method()).isEqualTo("M".repeat(64));
        assertThat(longest.path()).isEqualTo("/" + "p".repeat(2_047));
    }

    @Test
    void overheadWhenTheClientLeavesBeforeAnAnswerThenNone() {
        request.sent(110);
        request.ended(900, false);
        assertThat(request.overhead()).isNegative();
    }

    @Test
    void outcomeWhenTheClientLeavesBeforeAProblemIsSentThenCancelled() {
        request.problem("bad-gateway", 502);
        request.ended(900, false);
        assertThat(request.outcome()).isEqualTo(RequestOutcome.CANCELLED);
        assertThat(request.reason()).isEqualTo("connection-closed");
    }

    @Test
    void outcomeWhenTheBackendBreaksOffItsAnswerThenFailed() {
        request.begun(200, 130);
        request.broken();
        request.ended(900, false);
        assertThat(request.outcome()).isEqualTo(RequestOutcome.FAILED);
        assertThat(request.reason()).isEqualTo("answer-broken");
    }
}
