package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.exchange.GatewayLatency;
import dev.latchkey.gateway.http.RequestHead;
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
 * @param latency null if nobody asks for it
 * @param record null if nobody asks for it
 */
record LaneRequest(
        HttpRequest message,
        RequestHead head,
        ActiveRoute route,
        LaneRoute settings,
        Target backend,
        String target,
        Forward decision,
        @Nullable GatewayLatency latency,
        @Nullable RequestRecord record) {

    /** It leaves for its backend. */
    void sent() {
        long now = System.nanoTime();
        if (latency != null) {
            latency.sent(now);
        }
        if (record != null) {
            record.sent(now);
        }
    }

    /** The head of the answer has come. */
    void answered() {
        long now = System.nanoTime();
        if (latency != null) {
            latency.answered(now);
        }
        if (record != null) {
            record.answered(now);
        }
    }
}
