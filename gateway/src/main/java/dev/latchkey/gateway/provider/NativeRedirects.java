package dev.latchkey.gateway.provider;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redirect URIs of native apps (RFC 8252 section 7): claimed {@code https} ones, those of a scheme of the app's own,
 * and loopback ones, whose port the app has from its system.
 */
final class NativeRedirects {

    /** By address, because {@code localhost} may be resolved to other interfaces (section 8.3). */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]");

    private static final Pattern WITH_PORT = Pattern.compile("(http://(?:127\\.0\\.0\\.1|\\[::1])):([0-9]{1,5})(.*)");
    private static final int HIGHEST_PORT = 65_535;

    private NativeRedirects() {}

    /** What is wrong with an entry of the configuration. */
    static Optional<String> fault(String entry) {
        URI uri;
        try {
            uri = URI.create(entry);
        } catch (IllegalArgumentException malformed) {
            return Optional.of("is not a URI");
        }
        if (!uri.isAbsolute() || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            return Optional.of("must be absolute, without a user and without a fragment");
        }
        return switch (uri.getScheme()) {
            case "https" -> uri.getHost() == null ? Optional.of("names no host") : Optional.empty();
            case "http" ->
                LOOPBACK.contains(String.valueOf(uri.getHost())) && uri.getPort() == -1
                        ? Optional.empty()
                        : Optional.of("may begin with http:// only at 127.0.0.1 or [::1], and without a port, as it"
                                + " matches any (RFC 8252 section 7.3)");
            default ->
                uri.getScheme().contains(".")
                        ? Optional.empty()
                        : Optional.of("has a scheme without a dot, which other apps could have, too (RFC 8252"
                                + " section 7.1)");
        };
    }

    /** Whether an entry is this redirect URI, to the letter but for the port of a loopback one. */
    static boolean matches(String entry, String redirect) {
        if (entry.equals(redirect)) {
            return true;
        }
        Matcher loopback = WITH_PORT.matcher(redirect);
        return loopback.matches()
                && Integer.parseInt(loopback.group(2)) <= HIGHEST_PORT
                && entry.equals(loopback.group(1) + loopback.group(3));
    }
}
