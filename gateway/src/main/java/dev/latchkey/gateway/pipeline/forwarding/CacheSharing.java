package dev.latchkey.gateway.pipeline.forwarding;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * Keeps responses to a signed-in user out of shared caches. Caches no longer see the {@code Authorization} that would
 * stop them (RFC 9111 section 3.5), because the gateway sends it.
 */
final class CacheSharing {

    private static final Pattern SHARING =
            Pattern.compile("(?i)(?:^|,)\\s*(?:public|private|no-store|s-maxage)\\s*(?:[,=]|$)");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");

    private static final String TARGETED = "-cache-control";

    private CacheSharing() {}

    /**
     * Adds {@code private} if the backend said nothing about sharing: to {@code Cache-Control}, and to targeted headers
     * such as {@code CDN-Cache-Control}, because their caches read no other (RFC 9213 section 2.2).
     */
    static void keepPrivate(HttpHeaders headers) {
        keepPrivate(HttpHeaders.CACHE_CONTROL, headers);
        List<String> targeted = headers.headerNames().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(TARGETED))
                .toList();
        targeted.forEach(name -> keepPrivate(name, headers));
    }

    private static void keepPrivate(String name, HttpHeaders headers) {
        List<String> said = headers.getOrEmpty(name);
        if (said.stream().noneMatch(CacheSharing::mentionsSharing)) {
            String before = String.join(", ", said);
            headers.set(name, before.isBlank() ? "private" : before + ", private");
        }
    }

    private static boolean mentionsSharing(String value) {
        return SHARING.matcher(QUOTED.matcher(value).replaceAll("\"\"")).find();
    }
}
