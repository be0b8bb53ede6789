package dev.latchkey.gateway.pipeline.paths;

import dev.latchkey.gateway.http.HeaderFields;
import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.matching.MatchedRoute;
import dev.latchkey.gateway.pipeline.matching.RouteLookup;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Allows a path that servers read in more than one way if its route allows such paths and every reading leads to that
 * same route: whichever the backend chooses, it is what was authorized. So no reading leads to another route's rule or
 * to the gateway's own pages.
 */
@Component
public final class AmbiguousPaths {

    private final RouteLookup routes;

    public AmbiguousPaths(RouteLookup routes) {
        this.routes = routes;
    }

    /**
     * Whether the request may go on.
     *
     * @param route the one that takes it as it came
     */
    public boolean mayPass(RequestHead request, MatchedRoute route) {
        return route.rule().options().ambiguousPaths()
                && PathInterpretations.of(request.path())
                        .filter(readings -> readings.stream().allMatch(path -> isOf(route, request, path)))
                        .isPresent();
    }

    /**
     * The same of a path that is ambiguous only where it is decoded more than once ({@link RawPath#isDecodedOnce}),
     * whether or not the route allows others.
     */
    public boolean mayPassDecodedAgain(RequestHead request, MatchedRoute route) {
        return PathInterpretations.decodedAgain(request.path()).stream().allMatch(path -> isOf(route, request, path));
    }

    private boolean isOf(MatchedRoute route, RequestHead request, String path) {
        return routes.find(new Reading(request, path)).filter(route::equals).isPresent();
    }

    /** A request as a server reads it. */
    private record Reading(RequestHead request, String path) implements RequestHead {

        @Override
        public String method() {
            return request.method();
        }

        @Override
        public @Nullable String query() {
            return request.query();
        }

        @Override
        public HeaderFields fields() {
            return request.fields();
        }

        @Override
        public Optional<Peer> peer() {
            return request.peer();
        }

        @Override
        public boolean isSecure() {
            return request.isSecure();
        }
    }
}
