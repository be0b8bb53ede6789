package dev.latchkey.gateway.keys;

import java.time.Instant;

/**
 * A key, its id, and when it begins to sign.
 *
 * @param id the {@code kid} (RFC 7515 section 4.1.4)
 * @param activateAt before that it only verifies
 */
record TimedKey<K>(String id, Instant activateAt, K key) {

    /** Never shows the key. */
    @Override
    public String toString() {
        return "TimedKey[" + id + " from " + activateAt + "]";
    }
}
