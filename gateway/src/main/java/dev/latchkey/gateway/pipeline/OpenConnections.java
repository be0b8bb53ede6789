package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.denylist.Denylist;
import dev.latchkey.gateway.denylist.RevocationListener;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.SessionId;
import dev.latchkey.gateway.token.Subject;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The long-lived connections of this node, so that a revocation finds those that it is about: a token was checked only
 * when they began. There are as many as connections are open.
 */
@Component
final class OpenConnections implements RevocationListener {

    private final Map<SessionId, Set<Connection>> ofSession = new ConcurrentHashMap<>();
    private final Map<Subject, Set<Connection>> ofUser = new ConcurrentHashMap<>();
    private final ObjectProvider<Denylist> denylist;

    OpenConnections(ObjectProvider<Denylist> denylist) {
        this.denylist = denylist;
    }

    /**
     * Completes when the caller's session is revoked; the connection is known here for as long as that is waited for.
     */
    Mono<Void> revocationOf(AccessClaims caller) {
        return Mono.defer(() -> {
            Connection connection = new Connection(caller, Sinks.empty());
            open(connection);
            return connection.revoked().asMono().doFinally(signal -> close(connection));
        });
    }

    /** One that was revoked between its check and now was not found, so it is asked for once it can be. */
    private void open(Connection connection) {
        AccessClaims caller = connection.caller();
        add(ofSession, caller.session(), connection);
        add(ofUser, caller.subject(), connection);
        if (denylist.getObject().isRevoked(caller.subject(), caller.session(), caller.authTime())) {
            connection.end();
        }
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

    /** How many there are. */
    int count() {
        return ofSession.values().stream().mapToInt(Set::size).sum();
    }

    private static void end(@Nullable Set<Connection> found, Predicate<Connection> meant) {
        if (found != null) {
            found.stream().filter(meant).forEach(Connection::end);
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
    private record Connection(AccessClaims caller, Sinks.Empty<Void> revoked) {
        void end() {
            revoked.tryEmitEmpty();
        }
    }
}
