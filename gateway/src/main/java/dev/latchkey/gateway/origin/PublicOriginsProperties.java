package dev.latchkey.gateway.origin;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where browsers see the gateway.
 *
 * @param publicOrigins The origins at which browsers see the gateway, for example {@code https://shop.example}; at
 *     least one
 */
@ConfigurationProperties("latchkey")
public record PublicOriginsProperties(@DefaultValue List<String> publicOrigins) {

    private static final String PROPERTY = "latchkey.public-origins";

    public PublicOriginsProperties {
        if (publicOrigins.isEmpty()) {
            throw new IllegalArgumentException(
                    PROPERTY + " must be set: the origins that browsers see, for example https://shop.example");
        }
        publicOrigins = List.copyOf(publicOrigins);
        Origin.parseAll(PROPERTY, publicOrigins);
    }

    /** Whether browsers reach this host by https; behind a proxy that renames hosts, whether they reach all by it. */
    public boolean isHttps(String host) {
        Set<String> origins = serialized();
        return origins.contains("https://" + host.toLowerCase(Locale.ROOT))
                || origins.stream().allMatch(origin -> origin.startsWith("https://"));
    }

    /** In the spelling of browsers, the first one first. */
    public List<String> inOrder() {
        return publicOrigins.stream()
                .flatMap(origin -> Origin.parse(origin).stream())
                .toList();
    }

    /** In the spelling of browsers. */
    public Set<String> serialized() {
        return Origin.parseAll(PROPERTY, publicOrigins);
    }
}
