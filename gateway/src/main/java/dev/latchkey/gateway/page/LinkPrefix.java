package dev.latchkey.gateway.page;

import org.springframework.web.server.ServerWebExchange;

/** What stands before every path in links and redirects of our own: what a trusted proxy removed from the path. */
public final class LinkPrefix {

    private static final String ATTRIBUTE = LinkPrefix.class.getName();

    private LinkPrefix() {}

    /**
     * Notes the prefix.
     *
     * @param prefix empty, or a plain path such as {@code /shop} that needs no escaping in HTML
     */
    public static void keepIn(ServerWebExchange exchange, String prefix) {
        exchange.getAttributes().put(ATTRIBUTE, prefix);
    }

    /** Empty where nothing was removed. */
    public static String of(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(ATTRIBUTE, "");
    }
}
