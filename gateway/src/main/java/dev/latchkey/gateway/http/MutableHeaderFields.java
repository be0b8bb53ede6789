package dev.latchkey.gateway.http;

/** Header fields that are being made. Names and values must be valid (RFC 9110 sections 5.1 and 5.5). */
public interface MutableHeaderFields extends HeaderFields {

    /** Adds a line. */
    void add(String name, String value);

    /** Replaces all lines of this name by one. */
    void set(String name, String value);

    void remove(String name);
}
