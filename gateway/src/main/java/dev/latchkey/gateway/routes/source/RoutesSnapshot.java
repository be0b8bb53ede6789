package dev.latchkey.gateway.routes.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** All routes files as they were at one look, in the order in which they are read. */
public final class RoutesSnapshot {

    /** How many octets all files may have together. */
    public static final int MOST_BYTES = 8 << 20;

    private final List<SourceFile> files;
    private final String version;

    public RoutesSnapshot(List<SourceFile> files) {
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
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (SourceFile file : files) {
                if (files.size() > 1) {
                    digest.update(title(file));
                }
                digest.update(file.octets());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
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
