package dev.latchkey.gateway.differential;

/**
 * One request of a conversation.
 *
 * @param head up to the empty line, with templates
 * @param body as it is on the wire
 * @param content of it without its framing, for those who wait until it has arrived
 */
record Ask(String id, String method, String head, String body, String content) {

    String all() {
        return head + body;
    }
}
