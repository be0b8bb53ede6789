package dev.latchkey.gateway.keys;

import dev.latchkey.gateway.token.Issuer;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The name of the gateway in every token.
 *
 * @param issuer The {@code iss} of every token: a name, or, if it contains a colon, a URI (RFC 7519 section 2,
 *     StringOrURI)
 */
@ConfigurationProperties("latchkey")
record IssuerProperties(@Nullable String issuer) {

    IssuerProperties {
        if (issuer == null || issuer.isBlank()) {
            throw new IllegalArgumentException(
                    "latchkey.issuer must be set to the name of this gateway in tokens, like https://shop.example");
        }
        if (issuer.contains(":") && !isUri(issuer)) {
            throw new IllegalArgumentException("latchkey.issuer must be a URI if it has a colon");
        }
    }

    Issuer toIssuer() {
        return new Issuer(issuer == null ? "" : issuer);
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException not) {
            return false;
        }
    }
}
