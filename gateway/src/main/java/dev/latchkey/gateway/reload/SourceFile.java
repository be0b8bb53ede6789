package dev.latchkey.gateway.reload;

/** The bytes of one file as they were at one look. */
public final class SourceFile {

    private final String name;
    private final byte[] bytes;

    /** @param name how the file is called in messages */
    public SourceFile(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    public String name() {
        return name;
    }

    /** Not a copy, so not to be written to. */
    public byte[] bytes() {
        return bytes;
    }
}
