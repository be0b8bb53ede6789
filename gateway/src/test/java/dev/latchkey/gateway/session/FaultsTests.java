package dev.latchkey.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.RedisConnectionFailureException;
import reactor.core.publisher.Mono;

/** Which failures are reported to operators, and how little of them. */
@ExtendWith(OutputCaptureExtension.class)
final class FaultsTests {

    @Test
    void becomeWhenRedisIsInTroubleThenTheOutcomeAlone(CapturedOutput output) {
        assertOutcome(new RedisException("gone"));
        assertOutcome(new RedisConnectionFailureException("gone"));
        assertOutcome(new TimeoutException());
        assertThat(output.getAll()).isEmpty();
    }

    @Test
    void becomeWhenTheFaultIsOursThenSaysWhereAndNotWhatWasRead(CapturedOutput output) {
        assertOutcome(new NumberFormatException("For input string: secret"));
        assertThat(output.getAll())
                .contains("java.lang.NumberFormatException at dev.latchkey.gateway.session.FaultsTests")
                .doesNotContain("secret");
    }

    private static void assertOutcome(Throwable failure) {
        assertThat(Mono.<CommitOutcome>error(failure)
                        .onErrorResume(Faults.become(CommitOutcome.SET_NOTHING))
                        .block(Duration.ofSeconds(5)))
                .isEqualTo(CommitOutcome.SET_NOTHING);
    }
}
