package dev.latchkey.gateway.pipeline.connections;

import dev.latchkey.gateway.denylist.RevocationListener;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The long-lived connections of this node, so that a revocation finds those that it concerns: a token was checked only
 * when they began. There are as many as connections are open.
 */
@Component
final class LiveConnections implements RevocationListener {

    private final Map<SessionId, Set<Connection>> ofSession = new ConcurrentHashMap<>();
    private final Map<Subject, Set<Connection>> ofUser = new ConcurrentHashMap<>();

    LiveConnections(MeterRegistry meters) {
        Gauge.builder("latchkey.streams", this, LiveConnections::count)
                .description("Event streams and WebSockets of users that are open")
                .register(meters);
    }

    /**
     * Completes when the caller's session is revoked, or a required role is withdrawn. The connection is known here as
     * long as there is a subscriber.
     */
    Mono<Void> revocationOf(AccessClaims caller, RequiredRoles required) {
        return Mono.defer(() -> {
            Connection connection = new Connection(caller, required, Sinks.empty());
            open(connection);
            return connection.revoked().asMono().doFinally(signal -> close(connection));
        });
    }

    private void open(Connection connection) {
        add(ofSession, connection.caller().session(), connection);
        add(ofUser, connection.caller().subject(), connection);
    }

    private void close(Connection connection) {
        remove(ofSession, connection.caller().session(), connection);
        remove(ofUser, connection.caller().subject(), connection);
    }

    @Override
    public void sessionRevoked(SessionId session) {
        end(ofSession.get(session), connection -> true);
    }

    @Override
    public void userRevoked(Subject subject, Instant before) {
        end(ofUser.get(subject), connection -> connection.caller().authTime().isBefore(before));
    }

    /** Ends those whose route would no longer let the user in. */
    @Override
    public void rolesChanged(Subject subject, Roles roles) {
        end(
                ofUser.get(subject),
                connection -> !connection
                        .required()
                        .areHeldBy(connection.caller().roles().retaining(roles)));
    }

    int count() {
        return ofSession.values().stream().mapToInt(Set::size).sum();
    }

    private static void end(@Nullable Set<Connection> found, Predicate<Connection> affected) {
        if (found != null) {
            found.stream().filter(affected).forEach(Connection::end);
        }
    }

    private static <K> void add(Map<K, Set<Connection>> index, K key, Connection connection) {
        index.compute(key, (unused, known) -> {
            Set<Connection> all = known == null ? ConcurrentHashMap.newKeySet(1) : known;
            all.add(connection);
            return all;
        });
    }

    private static <K> void remove(Map<K, Set<Connection>> index, K key, Connection connection) {
        index.computeIfPresent(key, (unused, known) -> {
            known.remove(connection);
            return known.isEmpty() ? null : known;
        });
    }

    /** Two connections of one caller are two: they differ by their sinks. */
    private record Connection(AccessClaims caller, RequiredRoles required, Sinks.Empty<Void> revoked) {
        void end() {
            revoked.tryEmitEmpty();
        }
    }
}
