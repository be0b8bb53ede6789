package dev.latchkey.gateway.pipeline.crosssite;

import dev.latchkey.gateway.origin.Origin;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which other origins may use the gateway with its cookies.
 *
 * @param allowedOrigins Origins, in addition to the public ones, that may send unsafe requests with cookies and read
 *     answers (CORS)
 */
@ConfigurationProperties("latchkey.cross-site")
record CrossSiteProperties(@DefaultValue List<String> allowedOrigins) {

    private static final String PROPERTY = "latchkey.cross-site.allowed-origins";

    CrossSiteProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
        Origin.parseAll(PROPERTY, allowedOrigins);
    }

    /** In the spelling of browsers. */
    Set<String> serialized() {
        return Origin.parseAll(PROPERTY, allowedOrigins);
    }
}
