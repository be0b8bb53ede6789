package dev.latchkey.gateway.listener.http2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The streams of a client's connection, and the last that the gateway has reset: also those that it refused before they
 * were created, because they were too many or their heads malformed. The codec would take a frame of one of these for
 * that of an idle stream, which ends the connection, although its client may have sent it before it knew (RFC 9113
 * section 5.1).
 */
final class ClientStreams extends DefaultHttp2Connection {

    /** Frames of streams that were reset before as many others are late by more than a moment. */
    private static final int MOST_STREAMS = 1_000;

    private final Set<Integer> reset = new LinkedHashSet<>();

    ClientStreams() {
        super(true);
        addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                if (stream.isResetSent()) {
                    remember(stream.id());
                }
            }
        });
    }

    /** A stream that is about to be reset; one that does not exist never will. */
    void refuse(int stream) {
        if (remote().isValidStreamId(stream) && !streamMayHaveExisted(stream)) {
            remember(stream);
        }
    }

    private void remember(int stream) {
        if (reset.size() >= MOST_STREAMS) {
            reset.remove(reset.iterator().next());
        }
        reset.add(stream);
    }

    /** Whether the gateway has reset it, and not long ago. */
    boolean isReset(int stream) {
        return stream(stream) == null && reset.contains(stream);
    }

    @Override
    public boolean streamMayHaveExisted(int stream) {
        return super.streamMayHaveExisted(stream) || reset.contains(stream);
    }
}
