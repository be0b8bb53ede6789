package dev.latchkey.gateway.history;

import dev.latchkey.gateway.testing.Gateway;

/** A gateway node of a history. */
interface Node {

    String url();

    /** Ends it, whatever is under way; returns when it is gone. */
    void kill();

    /** One in this process: its connections break, and what it had not said to Redis is lost. */
    static Node of(Gateway gateway) {
        return new Node() {
            @Override
            public String url() {
                return gateway.url();
            }

            @Override
            public void kill() {
                gateway.close();
            }
        };
    }
}
