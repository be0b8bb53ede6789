package dev.latchkey.gateway.token.cookie;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway's cookies are named.
 *
 * @param prefix Prefix of the names of the gateway's cookies; {@code __Host-} makes browsers bind them to this host
 *     (RFC 6265bis). With another prefix, a neighbour under the same domain can send a cookie of the same name, and
 *     routes answer a cookie that comes twice with 400
 * @param secure Whether browsers send the cookies over TLS only
 */
@ConfigurationProperties("latchkey.cookies")
public record CookieProperties(
        @DefaultValue("__Host-latchkey-") String prefix,
        @DefaultValue("true") boolean secure) {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public CookieProperties {
        if (!TOKEN.matcher(prefix).matches()) {
            throw new IllegalArgumentException("latchkey.cookies.prefix must be 1 to 64 letters, digits, '-' or '_'");
        }
        if (!secure && prefix.startsWith("__")) {
            throw new IllegalArgumentException("latchkey.cookies.prefix must not begin with '__' where "
                    + "latchkey.cookies.secure is false: browsers would refuse the cookies");
        }
    }

    /** The names that begin with the prefix. */
    public CookieNames names() {
        return new CookieNames(prefix);
    }
}
