package dev.latchkey.gateway.pipeline.paths;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessOptions;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.matching.MatchedRoute;
import dev.latchkey.gateway.pipeline.matching.PathSegments;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An ambiguous path passes only if its route allows such paths and no reading leads anywhere else. */
final class AmbiguousPathsTests {

    @ParameterizedTest
    @CsvSource({
        "/files/a%2Fb, true",
        "/files//a, true",
        "/files/a;b=1?x=../../admin, true",
        "/plain/a%2Fb, false",
        "/files%2Fa, false",
        "/files;/admin, false",
        "/files/../admin, false",
        "/files/%2e%2e/admin, false",
        "/files/%00, false",
        "//admin/a, false",
        "/files/a%5Cb, true",
        "/files/private%2Fx;%2Fy, false",
    })
    void mayPassWhenPathIsAmbiguousThenOnlyIfEveryReadingIsOfItsRoute(String target, boolean passes) {
        RequestHead request = get(target);

        boolean mayPass = find(request)
                .filter(route -> new AmbiguousPaths(AmbiguousPathsTests::find).mayPass(request, route))
                .isPresent();

        assertThat(mayPass).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({
        "/files/a%2541, true",
        "/plain/a%2541, true",
        "/plain/%252541, true",
        "/plain/100%25, true",
        "/files/%2570rivate, true",
        "/files/%2570rivate/a, false",
        "/files/%252570rivate/a, false",
        "/files/%25%37%30rivate/a, false",
    })
    void mayPassDecodedAgainWhenPathThenOnlyIfItStaysOfItsRoute(String target, boolean passes) {
        RequestHead request = get(target);

        boolean mayPass = new AmbiguousPaths(AmbiguousPathsTests::find)
                .mayPassDecodedAgain(request, find(request).orElseThrow());

        assertThat(mayPass).isEqualTo(passes);
    }

    private static RequestHead get(String target) {
        return new NettyRequestHead(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, target),
                new ClientConnection(Optional.empty(), false, false));
    }

    /** By the first segment alone, but for one path. */
    private static Optional<Named> find(RequestHead request) {
        PathSegments path = PathSegments.of(request.path());
        if (path.size() == 3 && path.value(1).equals("private")) {
            return Optional.of(new Named("private", true));
        }
        return switch (path.value(0)) {
            case "files" -> Optional.of(new Named("files", true));
            case "plain" -> Optional.of(new Named("plain", false));
            case "admin" -> Optional.of(new Named("admin", true));
            case "" -> Optional.of(new Named("rest", true));
            default -> Optional.empty();
        };
    }

    private record Named(String name, boolean allowsThem) implements MatchedRoute {

        @Override
        public AccessRule rule() {
            AccessOptions options = new AccessOptions(false, Relay.NONE, Unauthenticated.PROBLEM, allowsThem);
            return new AccessRule(AccessLevel.PUBLIC, RequiredRoles.NONE, Optional.empty(), options);
        }

        @Override
        public void count() {}
    }
}
