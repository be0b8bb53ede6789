package dev.latchkey.gateway.reload;

/**
 * The bytes of one file as they were at one look.
 *
 * @param name how the file is called in messages
 * @param bytes not copied, so not to be written to
 */
@SuppressWarnings("ArrayRecordComponent") // files are compared by the version of their snapshot
public record SourceFile(String name, byte[] bytes) {}
