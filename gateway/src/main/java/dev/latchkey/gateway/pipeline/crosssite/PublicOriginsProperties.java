package dev.latchkey.gateway.pipeline.crosssite;

import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where browsers see the gateway.
 *
 * @param publicOrigins at least one, for example {@code https://shop.example}; there is no default
 */
@ConfigurationProperties("latchkey")
record PublicOriginsProperties(@DefaultValue List<String> publicOrigins) {

    private static final String PROPERTY = "latchkey.public-origins";

    PublicOriginsProperties {
        if (publicOrigins.isEmpty()) {
            throw new IllegalArgumentException(
                    PROPERTY + " must be set: the origins that browsers see, for example https://shop.example");
        }
        publicOrigins = List.copyOf(publicOrigins);
        Origin.parseAll(PROPERTY, publicOrigins);
    }

    /** As browsers write them. */
    Set<String> serialized() {
        return Origin.parseAll(PROPERTY, publicOrigins);
    }
}
