package dev.latchkey.gateway.routes;

/** The octets of one file as they were at one look. Not changed by anybody. */
final class RoutesText {

    private final String name;
    private final byte[] octets;

    /** @param name how the file is called in messages */
    RoutesText(String name, byte[] octets) {
        this.name = name;
        this.octets = octets;
    }

    String name() {
        return name;
    }

    /** The very array: nobody writes to it. */
    byte[] octets() {
        return octets;
    }
}
