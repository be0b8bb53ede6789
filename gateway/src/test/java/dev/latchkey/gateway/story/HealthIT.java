package dev.latchkey.gateway.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Operator;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.testing.redis.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is reported to operators about Redis, and that a gateway without it goes on answering. */
@ExtendWith(OutputCaptureExtension.class)
final class HealthIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Operator operator = WORLD.operator();

    @Test
    void readinessWhenRedisIsKilledThenUpAndAnswersSayWhy() {
        Browser browser = WORLD.signedIn("ada");
        double failures = operator.meter("latchkey_redis_failures_total{kind=\"connection\"}");
        WORLD.redis().kill();
        awaitUnavailable(browser);
        HttpResponse<String> answer = browser.get("/api/x");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.body()).contains("unavailable");
        assertThat(operator.health().statusCode()).isEqualTo(503);
        assertThat(operator.health().body())
                .contains("\"redis\":{\"details\":{\"kind\":\"single\"},\"status\":\"DOWN\"}");
        assertThat(operator.readiness().statusCode()).isEqualTo(200);
        assertThat(operator.meter("latchkey_redis_failures_total{kind=\"connection\"}"))
                .isGreaterThan(failures);
        WORLD.redis().restart();
        await().atMost(LIMIT).until(() -> operator.health().statusCode() == 200);
    }

    @Test
    void readinessWhenRedisStandsStillThenUpAndTimeoutsAreCounted() {
        Browser browser = WORLD.signedIn("ada");
        double timeouts = operator.meter("latchkey_redis_failures_total{kind=\"timeout\"}");
        WORLD.redis().pause();
        try {
            awaitUnavailable(browser);
            assertThat(operator.health().statusCode()).isEqualTo(503);
            assertThat(operator.readiness().statusCode()).isEqualTo(200);
            assertThat(operator.meter("latchkey_redis_failures_total{kind=\"timeout\"}"))
                    .isGreaterThan(timeouts);
        } finally {
            WORLD.redis().resume();
        }
        await().atMost(LIMIT).until(() -> operator.health().statusCode() == 200);
    }

    @Test
    void healthWhenRedisMayEvictThenItWarnsThereAndInTheLog(CapturedOutput output) {
        assertThat(operator.health().body())
                .contains("\"kind\":\"single\"", "\"masters\":1", "\"replicas\":0")
                .contains("\"maxmemoryPolicy\":\"noeviction\"", "\"lastWriteConfirmed\":\"none waited\"")
                .doesNotContain("warning");
        setPolicy("allkeys-lru");
        try {
            assertThat(operator.health().body())
                    .contains("\"maxmemoryPolicy\":\"allkeys-lru\"", "set maxmemory-policy noeviction");
            assertThat(output).contains("Redis has the maxmemory-policy allkeys-lru");
        } finally {
            setPolicy("noeviction");
        }
    }

    @Test
    void healthWhenNothingIsAskedThenNothingSecretIsThere() {
        Browser browser = WORLD.signedIn("ada");
        assertThat(operator.health().body())
                .doesNotContain(
                        "password",
                        WORLD.sessionOf(browser),
                        Integer.toString(WORLD.redis().port()));
    }

    /** A node goes by its local copy for some seconds more. */
    private static void awaitUnavailable(Browser browser) {
        await().atMost(LIMIT).until(() -> browser.get("/api/x").statusCode() == 503);
    }

    private static void setPolicy(String policy) {
        RedisProcess redis = WORLD.redis();
        try (RedisClient client = RedisClient.create(redis.uri());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().configSet("maxmemory-policy", policy);
        }
    }
}
