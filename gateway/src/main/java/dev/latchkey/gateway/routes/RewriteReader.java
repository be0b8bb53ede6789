package dev.latchkey.gateway.routes;

import java.util.Set;

/** Reads how a request is changed on its way. */
final class RewriteReader {

    private static final Set<String> KEYS = Set.of("strip-prefix");
    private static final int MOST_SEGMENTS = 20;

    Rewrite read(FieldReader route) {
        return route.find("rewrite")
                .flatMap(it -> route.fields("rewrite", it, KEYS))
                .map(RewriteReader::rewrite)
                .orElse(Rewrite.NONE);
    }

    private static Rewrite rewrite(FieldReader rewrite) {
        return new Rewrite(rewrite.find("strip-prefix")
                .flatMap(it -> rewrite.number("strip-prefix", it, MOST_SEGMENTS))
                .orElse(0));
    }
}
