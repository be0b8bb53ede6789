package dev.latchkey.gateway.forwarder;

import java.util.concurrent.atomic.LongAdder;

/**
 * What is in use now, in all pools; for any thread.
 *
 * @param connections that are open or being made
 * @param exchanges that have begun and not ended
 */
record Usage(LongAdder connections, LongAdder exchanges) {

    static Usage none() {
        return new Usage(new LongAdder(), new LongAdder());
    }
}
