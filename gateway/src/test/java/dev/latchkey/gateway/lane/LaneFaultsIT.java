package dev.latchkey.gateway.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.testing.AboutTheLane;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.RawConnection;
import dev.latchkey.gateway.testing.World;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.lang.reflect.Field;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
    @ValueSource(strings = {"rules", "trustedOrigins"})
    void answerWhenTheLaneHasAFaultBeforeItBeginsThenAnsweredByTheChain(String part)
            throws ReflectiveOperationException {
        answersInternalError(node.bean(LaneAnswers.class), part);
    }

    private static void answersInternalError(Object owner, String part) throws ReflectiveOperationException {
        Field field = field(owner.getClass(), part);
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

    @Test
    void uploadWhenTheLaneHasAFaultThenAnsweredByTheChain() throws ReflectiveOperationException {
        try (RawConnection client = new RawConnection(node.port())) {
            client.send("POST /open/hold/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n");
            breakUpload();
            client.send("body");
            assertThat(client.answer()).startsWith("HTTP/1.1 500 ").containsIgnoringCase("application/problem+json");
            client.send("GET /open/next HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer()).startsWith("HTTP/1.1 200 ");
        }
    }

    /** Half an answer must not look whole. */
    @Test
    void uploadWhenTheLaneHasAFaultBehindTheAnswersHeadThenTheConnectionBreaks() throws ReflectiveOperationException {
        try (RawConnection client = new RawConnection(node.port())) {
            client.send("POST /open/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n");
            client.readUntil("\r\n\r\n");
            breakUpload();
            client.send("body");
            assertThatThrownBy(() -> client.read(1_000_000)).hasRootCauseInstanceOf(SocketException.class);
        }
    }

    /** The absence of what counts its bytes is the fault. */
    private static void breakUpload() throws ReflectiveOperationException {
        Class<?> owner = Class.forName("dev.latchkey.gateway.shutdown.GracefulShutdown");
        ChannelGroup connections = (ChannelGroup) field(owner, "connections").get(node.bean(owner));
        await().until(() -> connections.stream().anyMatch(connection -> exchangeOf(connection) != null));
        for (Channel connection : connections) {
            Object exchange = exchangeOf(connection);
            if (exchange != null) {
                Object backend = field(LaneExchange.class, "backend").get(exchange);
                connection.eventLoop().submit(() -> set(backend, "body", null)).syncUninterruptibly();
            }
        }
    }

    private static @Nullable Object exchangeOf(Channel connection) {
        try {
            LaneHandler lane = connection.pipeline().get(LaneHandler.class);
            return lane == null ? null : field(LaneHandler.class, "exchange").get(lane);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError(failure.getMessage(), failure);
        }
    }

    private static void set(Object owner, String name, @Nullable Object value) {
        try {
            field(owner.getClass(), name).set(owner, value);
        } catch (ReflectiveOperationException failure) {
            throw new LinkageError(failure.getMessage(), failure);
        }
    }

    private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
