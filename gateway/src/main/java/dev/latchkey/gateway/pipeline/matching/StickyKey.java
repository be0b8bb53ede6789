package dev.latchkey.gateway.pipeline.matching;

import dev.latchkey.gateway.http.RequestHead;

/** Distinguishes clients, for routes that split their traffic. It decides only which of them takes a request. */
@FunctionalInterface
public interface StickyKey {

    /** A text that is the same for each request of a client. What it is made of is not verified. */
    String of(RequestHead request);
}
