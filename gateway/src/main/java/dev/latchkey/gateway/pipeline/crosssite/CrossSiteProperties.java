package dev.latchkey.gateway.pipeline.crosssite;

import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which other origins may use the gateway with its cookies.
 *
 * @param allowedOrigins trusted like our own, by the cross-site check and by CORS; none unless set
 */
@ConfigurationProperties("latchkey.cross-site")
record CrossSiteProperties(@DefaultValue List<String> allowedOrigins) {

    private static final String PROPERTY = "latchkey.cross-site.allowed-origins";

    CrossSiteProperties {
        allowedOrigins = List.copyOf(allowedOrigins);
        Origin.parseAll(PROPERTY, allowedOrigins);
    }

    /** As browsers write them. */
    Set<String> serialized() {
        return Origin.parseAll(PROPERTY, allowedOrigins);
    }
}
