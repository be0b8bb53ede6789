package dev.latchkey.gateway.reload;

/** The octets of one file as they were at one look. Not changed by anybody. */
public final class SourceFile {

    private final String name;
    private final byte[] octets;

    /** @param name how the file is called in messages */
    public SourceFile(String name, byte[] octets) {
        this.name = name;
        this.octets = octets;
    }

    public String name() {
        return name;
    }

    /** The very array: nobody writes to it. */
    public byte[] octets() {
        return octets;
    }
}
