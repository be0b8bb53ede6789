package dev.latchkey.gateway.http;

import java.util.Set;

/** Those that should change nothing (RFC 9110 section 9.2.1). */
public final class SafeMethods {

    private static final Set<String> NAMES = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private SafeMethods() {}

    public static boolean contains(String method) {
        return NAMES.contains(method);
    }
}
