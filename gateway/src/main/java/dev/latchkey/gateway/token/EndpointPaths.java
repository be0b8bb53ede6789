package dev.latchkey.gateway.token;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The paths that the gateway answers itself, which no route can take.
 *
 * @param prefix Where the gateway's own endpoints are, such as {@code /auth/sign-in}: a path of one or more segments.
 *     Move it if a backend needs {@code /auth}; {@code check} then lists every address that moves. The public keys stay
 *     at {@code /.well-known/jwks.json}
 */
@ConfigurationProperties("latchkey.paths")
public record EndpointPaths(@DefaultValue("/auth") String prefix) {

    /** The public identity keys (RFC 7517 section 5), whose place others know (RFC 8615); it never moves. */
    public static final String JWKS = "/.well-known/jwks.json";

    private static final int MAX_LENGTH = 100;

    /** Of unreserved characters (RFC 3986 section 2.3), which mean the same in a pattern, an address and a page. */
    private static final Pattern PLAIN = Pattern.compile("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");

    /** Where nothing was moved. */
    public static final EndpointPaths DEFAULT = new EndpointPaths("/auth");

    public EndpointPaths {
        if (!PLAIN.matcher(prefix).matches() || prefix.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("latchkey.paths.prefix must be a path such as /auth or /internal/login:"
                    + " '/' and a segment, once or several times, at most " + MAX_LENGTH + " characters. A segment"
                    + " holds letters, digits, '-', '_', '~' or '.' and does not begin with '.'; no '/' at the end");
        }
    }

    /** Where one of them is. */
    public String of(Endpoint endpoint) {
        return prefix + "/" + endpoint.path;
    }

    /** Where one of a provider's is. */
    public String of(Endpoint endpoint, ProviderName provider) {
        return of(endpoint).replace("{provider}", provider.value());
    }

    /** The way up from the endpoints with one segment below the prefix, such as the sign-in page, to the root. */
    public String relativeRoot() {
        return "../".repeat((int)
                prefix.chars().filter(character -> character == '/').count());
    }

    /** What lies below the prefix; a part in braces stands for any segment. */
    public enum Endpoint {
        SIGN_IN("sign-in"),
        TOKEN("token"),
        REFRESH("refresh"),
        DEVICE_REGISTRATION("device/registration"),
        DEVICE_RENEWAL("device/refresh"),
        SIGN_OUT("sign-out"),
        SESSION("session"),
        SESSIONS("sessions"),
        ONE_SESSION("sessions/{sessionId}"),
        END_OF_SESSION("sessions/{sessionId}/end"),
        PASSWORD("password"),
        PROVIDER("providers/{provider}"),
        PROVIDER_CALLBACK("providers/{provider}/callback"),
        PROVIDER_LOGOUT("providers/{provider}/logout"),
        SIGNED_OUT("signed-out"),
        OPENAPI("openapi.json"),
        STYLESHEET("assets/latchkey.css");

        private final String path;

        Endpoint(String path) {
            this.path = path;
        }
    }
}
