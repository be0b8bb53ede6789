package dev.latchkey.gateway.admin;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.SslInfo;

/** Operators by the subjects of their certificates, which the server has verified in the TLS handshake. */
final class ClientCertificates {

    private static final String PROPERTY = "latchkey.admin.client-certificates";

    private final Map<X500Principal, Actor> actors;

    private ClientCertificates(Map<X500Principal, Actor> actors) {
        this.actors = Map.copyOf(actors);
    }

    /**
     * Reads distinguished names (RFC 4514), which are compared by their canonical form.
     *
     * @param subjects by the names of operators
     * @throws IllegalArgumentException with a sentence
     */
    static ClientCertificates of(Map<String, String> subjects) {
        Map<X500Principal, Actor> actors = new HashMap<>();
        subjects.forEach((name, subject) -> {
            if (!Actor.isWellFormed(name)) {
                throw new IllegalArgumentException(PROPERTY + ": " + Actor.RULE);
            }
            if (actors.put(principal(subject), new Actor(name)) != null) {
                throw new IllegalArgumentException(PROPERTY + ": two operators have the same certificate subject");
            }
        });
        return new ClientCertificates(actors);
    }

    private static X500Principal principal(String subject) {
        try {
            X500Principal principal = new X500Principal(subject);
            if (!principal.getName().isEmpty()) {
                return principal;
            }
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(wrong(), malformed);
        }
        throw new IllegalArgumentException(wrong());
    }

    private static String wrong() {
        return PROPERTY + " must be distinguished names such as CN=ada,O=Shop";
    }

    /** Whose certificate the connection has. */
    Optional<Actor> find(@Nullable SslInfo connection) {
        return Optional.ofNullable(leaf(connection))
                .map(X509Certificate::getSubjectX500Principal)
                .map(actors::get);
    }

    /** Whether there is a certificate at all. */
    static boolean isPresent(@Nullable SslInfo connection) {
        return leaf(connection) != null;
    }

    private static @Nullable X509Certificate leaf(@Nullable SslInfo connection) {
        X509Certificate[] chain = connection == null ? null : connection.getPeerCertificates();
        return chain == null || chain.length == 0 ? null : chain[0];
    }
}
