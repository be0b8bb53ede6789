package dev.latchkey.gateway.reload;

import dev.latchkey.gateway.crypto.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** All files of one kind as they were at one look, in the order in which they are read. */
public final class FileSnapshot {

    private final List<SourceFile> files;
    private final String version;

    public FileSnapshot(List<SourceFile> files) {
        this.files = List.copyOf(files);
        this.version = digest(this.files);
    }

    public List<SourceFile> files() {
        return files;
    }

    /** How many bytes they have together. */
    public int size() {
        return files.stream().mapToInt(file -> file.bytes().length).sum();
    }

    /** The fingerprint of the content, the same on every node: of one file, its SHA-256. */
    public String version() {
        return version;
    }

    private static String digest(List<SourceFile> files) {
        return files.size() == 1
                ? Sha256.hex(files.get(0).bytes())
                : Sha256.hex(files.stream()
                        .flatMap(file -> Stream.of(title(file), file.bytes()))
                        .toArray(byte[][]::new));
    }

    /** The name and length of a file count as well, but not its folder, which may differ from node to node. */
    private static byte[] title(SourceFile file) {
        byte[] name = file.name().substring(file.name().lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + Integer.BYTES)
                .put(name)
                .put((byte) 0)
                .putInt(file.bytes().length)
                .array();
    }
}
