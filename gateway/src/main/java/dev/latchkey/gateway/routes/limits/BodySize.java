package dev.latchkey.gateway.routes.limits;

/**
 * How large the body of a request may be, whatever carries it: a length that its head states is asked for before any of
 * it is read, and what has come while it is read.
 *
 * @param most bytes
 */
public record BodySize(long most) {

    /** The limit of a route that says nothing. */
    public static final BodySize ANY = new BodySize(Long.MAX_VALUE);

    /**
     * Whether it is not too large.
     *
     * @param bytes stated, or come until now; negative if no length is stated
     */
    public boolean allows(long bytes) {
        return bytes <= most;
    }
}
