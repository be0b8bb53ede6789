package dev.latchkey.gateway.routes.definition;

import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.routes.definition.action.RouteAnswer;
import dev.latchkey.gateway.routes.upstream.TargetsRule;
import dev.latchkey.gateway.yaml.Position;
import java.util.Optional;

/**
 * One route of the file, with what it inherits.
 *
 * @param position where it begins
 * @param idPosition where its id is
 * @param to the backends; none if the route answers by itself
 * @param answer what it answers by itself; nothing if it forwards
 * @param settings everything else
 */
public record RouteEntry(
        Position position,
        Position idPosition,
        String id,
        RouteMatch match,
        TargetsRule to,
        Optional<RouteAnswer> answer,
        AccessRule entry,
        RouteSettings settings) {

    public RouteEntry with(RouteMatch other) {
        return new RouteEntry(position, idPosition, id, other, to, answer, entry, settings);
    }
}
