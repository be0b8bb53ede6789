package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import java.lang.reflect.Field;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets where the lane has a fault of its own: the answer that it gets where the chain has one. */
@AboutTheLane
final class LaneFaultsIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static Gateway node;

    @BeforeAll
    static void start() {
        node = WORLD.startNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** Their absence is the fault. The first ones are asked whether to take a request, the others to send it. */
    @ParameterizedTest
    @ValueSource(strings = {"routes", "decider", "outbound", "endpoints", "forwarder"})
    void requestWhenTheLaneHasAFaultThenAnsweredByTheChain(String part) throws ReflectiveOperationException {
        answersInternalError(node.bean(Lane.class), part);
    }

    /** Nothing of the answer has been written by then. */
    @ParameterizedTest
    @ValueSource(strings = {"head", "trustedOrigins"})
    void answerWhenTheLaneHasAFaultBeforeItBeginsThenAnsweredByTheChain(String part)
            throws ReflectiveOperationException {
        answersInternalError(node.bean(LaneAnswers.class), part);
    }

    private static void answersInternalError(Object owner, String part) throws ReflectiveOperationException {
        Field field = owner.getClass().getDeclaredField(part);
        field.setAccessible(true);
        Object present = field.get(owner);
        field.set(owner, null);
        try (RawConnection client = new RawConnection(node.port())) {
            client.send("POST /open/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.answer()).startsWith("HTTP/1.1 500 ").containsIgnoringCase("application/problem+json");
            field.set(owner, present);
            client.send("GET /open/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
        } finally {
            field.set(owner, present);
        }
    }
}
