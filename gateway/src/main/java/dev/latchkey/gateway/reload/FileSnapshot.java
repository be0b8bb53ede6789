package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.crypto.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** All routes files as they were at one look, in the order in which they are read. */
public final class FileSnapshot {

    /** How many octets all files may have together. */
    public static final int MOST_BYTES = 8 << 20;

    private final List<SourceFile> files;
    private final String version;

    public FileSnapshot(List<SourceFile> files) {
        this.files = List.copyOf(files);
        this.version = digest(this.files);
    }

    public List<SourceFile> files() {
        return files;
    }

    /** How many octets they have together. */
    public int size() {
        return files.stream().mapToInt(it -> it.octets().length).sum();
    }

    /** What tells one state of the files from another, on every node alike: of one file, its SHA-256. */
    public String version() {
        return version;
    }

    private static String digest(List<SourceFile> files) {
        return files.size() == 1
                ? Sha256.hex(files.get(0).octets())
                : Sha256.hex(files.stream()
                        .flatMap(file -> Stream.of(title(file), file.octets()))
                        .toArray(byte[][]::new));
    }

    /** Where a file ends and how it is called counts too, but not the folder, which may differ from node to node. */
    private static byte[] title(SourceFile file) {
        byte[] name = file.name().substring(file.name().lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + Integer.BYTES)
                .put(name)
                .put((byte) 0)
                .putInt(file.octets().length)
                .array();
    }
}
