package dev.latchkey.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

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

    @Test
    void overheadWhenTheClientLeavesBeforeAnAnswerThenNone() {
        request.sent(110);
        request.ended(900, false);
        assertThat(request.overhead()).isNegative();
    }
}
