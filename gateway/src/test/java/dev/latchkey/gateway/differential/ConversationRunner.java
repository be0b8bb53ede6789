package dev.latchkey.gateway.differential;

import dev.latchkey.gateway.differential.Step.Abort;
import dev.latchkey.gateway.differential.Step.AwaitArrival;
import dev.latchkey.gateway.differential.Step.AwaitHead;
import dev.latchkey.gateway.differential.Step.Keep;
import dev.latchkey.gateway.differential.Step.Meanwhile;
import dev.latchkey.gateway.differential.Step.Release;
import dev.latchkey.gateway.differential.Step.RoundTrip;
import dev.latchkey.gateway.differential.Step.Send;
import dev.latchkey.gateway.differential.Step.SendIfAsked;
import dev.latchkey.gateway.differential.Step.SendIfSwitched;
import dev.latchkey.gateway.differential.Step.Streams;
import dev.latchkey.gateway.differential.Step.Take;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds one conversation with one side. */
final class ConversationRunner {

    /** By whose answer it shows whether a connection was kept. */
    static final String PROBE_LINE = "GET /open/probe HTTP/1.1";

    private static final String PROBE = PROBE_LINE + "\r\nHost: shop.example\r\nConnection: close\r\n\r\n";

    /** Before what came behind the last answer, and was none or one too many. */
    static final String SURPLUS = ", and unasked: ";

    private static final int SWITCHED = 101;

    private final Side side;
    private final WireClient client;
    private final List<Reply> replies = new ArrayList<>();
    private boolean isAborted;
    private boolean isHanging;
    private boolean isBodyWithheld;

    private ConversationRunner(Side side, WireClient client) {
        this.side = side;
        this.client = client;
    }

    static Outcome play(Side side, Conversation conversation) {
        if (conversation.steps().get(0) instanceof Streams streams) {
            return StreamRunner.play(side, conversation, streams);
        }
        side.backend().begin(conversation.answers());
        try (WireClient client = new WireClient(conversation.transport().connect(side), side.moments())) {
            ConversationRunner runner = new ConversationRunner(side, client);
            for (Step step : conversation.steps()) {
                runner.take(step);
            }
            String end = runner.end();
            boolean isQuiet = side.moments().await(side.backend()::isQuiet);
            conversation.keeper().ifPresent(user -> runner.replies.forEach(reply -> side.keep(user, reply)));
            return new Outcome(runner.replies, end, side.backend().arrivals(), isQuiet);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void take(Step step) throws IOException {
        if (step instanceof Send send) {
            client.send(side.filled(send.template()));
        } else if (step instanceof RoundTrip) {
            side.roundTrip();
        } else if (step instanceof AwaitArrival arrival) {
            await(arrival);
        } else if (step instanceof AwaitHead) {
            side.moments().await(client::hasFinalHead);
        } else if (step instanceof Release release) {
            release(release.id());
        } else if (step instanceof SendIfAsked body) {
            sendIfAsked(body.body());
        } else if (step instanceof SendIfSwitched frames) {
            if (isSwitched()) {
                client.send(frames.frames());
            }
        } else if (step instanceof Take take) {
            next(take.method());
        } else if (step instanceof Keep keep) {
            replies.forEach(reply -> side.keep(keep.user(), reply));
        } else if (step instanceof Meanwhile meanwhile) {
            meanwhile.change().accept(side);
        } else if (step instanceof Abort abort) {
            isAborted = true;
            client.abort(abort.withReset());
        }
    }

    private void await(AwaitArrival arrival) {
        WireBackend backend = side.backend();
        side.moments()
                .await(() -> client.hasInput()
                        || (backend.hasArrived(arrival.id()) && backend.receivedOf(arrival.id()) >= arrival.bytes()));
    }

    /**
     * The rest of a stream of events whose session has ended would meet its end, and which of the two comes first is
     * nobody's promise: the gateway is waited for until it has left the backend.
     */
    private void release(String id) {
        WireBackend backend = side.backend();
        if (side.moments().see(() -> backend.isStream(id) && backend.hasArrivedAs(id, side::isSignedOut))) {
            side.moments().await(() -> backend.hasArrivedAs(id, Arrival::isOver));
        }
        backend.release(id);
    }

    private void sendIfAsked(String body) {
        isBodyWithheld = client.nextStatus() != 100;
        if (!isBodyWithheld) {
            client.send(body);
        }
    }

    private void next(String method) {
        if (replies.stream().anyMatch(reply -> !reply.isWhole() || reply.closes()) || isHanging) {
            return;
        }
        Optional<Reply> reply = client.next(method);
        isHanging = reply.isEmpty();
        reply.filter(one -> !one.head().isEmpty() || !one.interims().isEmpty()).ifPresent(replies::add);
    }

    private boolean isSwitched() {
        return !replies.isEmpty() && replies.get(replies.size() - 1).status() == SWITCHED;
    }

    private String end() {
        if (isAborted) {
            return "left by the client";
        }
        if (isHanging) {
            return "without an answer: " + client.rest();
        }
        if (replies.isEmpty() || !replies.get(replies.size() - 1).isWhole()) {
            return "broken, " + client.awaitEnd();
        }
        if (isSwitched()) {
            return "switched, " + client.awaitEnd() + ", and then: " + client.rest();
        }
        if (replies.get(replies.size() - 1).closes()) {
            return "as announced, " + client.awaitEnd() + surplus();
        }
        if (isBodyWithheld) {
            return "kept for a body that will not come";
        }
        side.roundTrip();
        client.send(PROBE);
        return probed();
    }

    private String surplus() {
        return client.rest().isEmpty() ? "" : SURPLUS + client.rest();
    }

    private String probed() {
        Optional<Reply> probe = client.next("GET");
        String ended = client.awaitEnd();
        if (probe.isEmpty() || ended.isEmpty()) {
            return "without an answer to the next request: " + client.rest();
        }
        Reply reply = probe.get();
        return reply.isWhole() && reply.status() == 200 && reply.body().equals("ok")
                ? "kept" + surplus()
                : "kept for " + reply.statusLine() + surplus();
    }
}
