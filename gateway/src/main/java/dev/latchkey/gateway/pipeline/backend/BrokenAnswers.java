package dev.latchkey.gateway.pipeline.backend;

import dev.latchkey.gateway.forwarder.BackendFailure;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Answers that a backend broke off after their head had left for the client. The client's connection is reset, which no
 * client can take for the end of the answer, not even if the end of the connection is one (RFC 9112 section 8).
 */
@Component
public final class BrokenAnswers {

    private static final Logger LOGGER = LoggerFactory.getLogger(BrokenAnswers.class);

    private final Counter broken;

    BrokenAnswers(MeterRegistry registry) {
        this.broken = Counter.builder("latchkey.answers.broken")
                .description("Answers that a backend broke off after their head had left for the client")
                .register(registry);
    }

    /** Logs and counts one, and resets the client's connection. */
    public void broken(String route, Throwable failure, Channel client) {
        broken.increment();
        RequestRecord record = RequestRecord.of(client);
        String id = "none";
        if (record != null) {
            record.broken();
            id = record.id() == null ? id : record.id();
        }
        if (failure instanceof BackendFailure known && known.kind() == BackendFailure.Kind.FAULT) {
            LOGGER.atError()
                    .addKeyValue("http.request.id", id)
                    .setCause(failure)
                    .log("An answer of route '{}' could not be passed on, request {}", route, id);
        } else {
            LOGGER.atWarn()
                    .addKeyValue("http.request.id", id)
                    .log("The backend of route '{}' broke off its answer: {}, request {}", route, kind(failure), id);
        }
        ClientConnection.reset(client);
    }

    private static String kind(Throwable failure) {
        return failure instanceof BackendFailure known
                ? known.kind().name()
                : failure.getClass().getSimpleName();
    }
}
