package dev.latchkey.gateway.admin.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.Test;

/** What an operator reads whose command has no answer. */
final class NodeTests {

    private static final URI NODE = URI.create("http://127.0.0.1:9090");

    @Test
    void answerWhenItTakesTooLongThenSaysThatItGoesOnAndMayBeDoneAgain() {
        assertThat(Node.unanswered(NODE, new HttpTimeoutException("request timed out")))
                .isEqualTo(
                        "the node has not answered within 60 seconds at http://127.0.0.1:9090; what was begun goes on"
                                + " there, and to do it again does no harm");
    }

    @Test
    void nodeWhenNotReachedThenSaysOnlyThat() {
        assertThat(Node.unanswered(NODE, new HttpConnectTimeoutException("connect timed out")))
                .isEqualTo("the node does not answer at http://127.0.0.1:9090 (HttpConnectTimeoutException)");
        assertThat(Node.unanswered(NODE, new ConnectException())).endsWith("(ConnectException)");
    }
}
