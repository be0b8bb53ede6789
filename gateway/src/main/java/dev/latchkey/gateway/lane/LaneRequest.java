package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Forward;
import dev.latchkey.gateway.routes.table.ActiveRoute;
import dev.latchkey.gateway.routes.table.LaneRoute;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import dev.latchkey.gateway.telemetry.RequestRecord;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that the lane has taken.
 *
 * @param message as it came, for the chain if the backend fails
 * @param backend that was chosen
 * @param target path and query for it
 * @param record null if nobody asks for it
 */
record LaneRequest(
        HttpRequest message,
        NettyRequestHead head,
        ActiveRoute route,
        LaneRoute settings,
        Target backend,
        String target,
        Forward decision,
        @Nullable RequestRecord record) {

    /** It leaves for its backend. */
    void sent() {
        if (record != null) {
            record.sent(System.nanoTime());
        }
    }

    /** The head of the answer has come. */
    void answered() {
        if (record != null) {
            record.answered(System.nanoTime());
        }
    }

    /** Its backend has failed before that. */
    void failed() {
        if (record != null) {
            record.left(System.nanoTime());
        }
    }
}
