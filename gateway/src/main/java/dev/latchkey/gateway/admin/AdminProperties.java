package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.reload.Poller;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the endpoints for operators, which are on the management port. Without either of the first two there are
 * none.
 *
 * @param tokensFile A file with a line {@code name: sha256} for each operator's token, which {@code java -jar
 *     gateway.jar admin token} makes: a path, or a location that begins with {@code classpath:} or {@code file:}
 * @param clientCertificates Operators who enter with a client certificate: by name, the subject of their certificate as
 *     a distinguished name (RFC 4514) such as {@code CN=ada,O=Shop}. Needs {@code management.server.ssl.client-auth}
 * @param pollInterval How often the tokens file is read, and how long a change must be unchanged before it is applied,
 *     100 milliseconds to 1 minute
 */
@ConfigurationProperties("latchkey.admin")
record AdminProperties(
        @Nullable String tokensFile,
        @DefaultValue Map<String, String> clientCertificates,
        @DefaultValue("2s") Duration pollInterval) {

    AdminProperties {
        Poller.checkInterval("latchkey.admin.poll-interval", pollInterval);
        ClientCertificates.of(clientCertificates);
        clientCertificates = Map.copyOf(clientCertificates);
    }
}
