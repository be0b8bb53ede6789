package dev.latchkey.gateway.lane;

import dev.latchkey.gateway.exchange.GatewayLatency;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Forward;
import dev.latchkey.gateway.routes.table.ActiveRoute;
import dev.latchkey.gateway.routes.table.LaneRoute;
import dev.latchkey.gateway.routes.upstream.Targets.Target;
import io.netty.handler.codec.http.HttpRequest;

/**
 * A request that the lane has taken.
 *
 * @param message as it came, for the chain if the backend fails
 * @param backend that was chosen
 * @param target path and query for it
 */
record LaneRequest(
        HttpRequest message,
        RequestHead head,
        ActiveRoute route,
        LaneRoute settings,
        Target backend,
        String target,
        Forward decision,
        GatewayLatency latency) {}
