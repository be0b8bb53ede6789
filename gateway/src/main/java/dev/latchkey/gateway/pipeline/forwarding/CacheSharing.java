package dev.latchkey.gateway.pipeline.forwarding;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;

/**
 * Keeps answers to a known user out of shared caches. They no longer see the {@code Authorization} that would stop them
 * (RFC 9111 section 3.5), for it is the gateway that sends it.
 */
final class CacheSharing {

    private static final Pattern SHARING =
            Pattern.compile("(?i)(?:^|,)\\s*(?:public|private|no-store|s-maxage)\\s*(?:[,=]|$)");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");

    private CacheSharing() {}

    /** Adds {@code private} where the backend said nothing about sharing. */
    static void keepPrivate(HttpHeaders headers) {
        List<String> said = headers.getOrEmpty(HttpHeaders.CACHE_CONTROL);
        if (said.stream().noneMatch(CacheSharing::speaksOfSharing)) {
            String before = String.join(", ", said);
            headers.set(HttpHeaders.CACHE_CONTROL, before.isBlank() ? "private" : before + ", private");
        }
    }

    private static boolean speaksOfSharing(String value) {
        return SHARING.matcher(QUOTED.matcher(value).replaceAll("\"\"")).find();
    }
}
