package dev.latchkey.gateway.routes.explain;

import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.routes.definition.RouteEntry;
import dev.latchkey.gateway.routes.definition.action.HostHeader;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.TokenHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A request as the backend gets it.
 *
 * @param request method and address, with path and query as they are sent
 * @param sslBundle which the route names for TLS to it
 * @param sets headers that the gateway sets, replacing the client's
 * @param removes headers of the client that the backend does not get
 */
public record BackendRequest(String request, Optional<String> sslBundle, List<String> sets, List<String> removes) {

    public BackendRequest {
        sets = List.copyOf(sets);
        removes = List.copyOf(removes);
    }

    /** @param path as the route rewrites it */
    static BackendRequest of(AskedRequest asked, RouteEntry route, String path) {
        String query = route.settings().rewrite().addQuery().applied(asked.rawQuery());
        String target = query == null ? path : path + "?" + query;
        String addresses = route.to().urls().stream().map(url -> url + target).collect(Collectors.joining(" or "));
        String places = route.to()
                .lookup()
                .map(lookup -> ", at the addresses of " + lookup.name())
                .orElse("");
        return new BackendRequest(
                asked.method() + " " + addresses + places,
                route.settings().sslBundle(),
                sets(asked, route),
                removes(route));
    }

    private static List<String> sets(AskedRequest asked, RouteEntry route) {
        List<String> sets = new ArrayList<>();
        if (route.entry().access() != AccessLevel.PUBLIC) {
            caller(route.entry()).ifPresent(sets::add);
        }
        HostHeader host = route.settings().rewrite().host();
        String instead = host.instead(asked.host());
        sets.add((instead == null ? "Host, " : "")
                + "X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port");
        if (instead != null) {
            sets.add("Host: " + instead + (host.equals(HostHeader.KEEP) ? ", as the client sent it" : ""));
        }
        String prefix = route.settings().rewrite().path().prefix(asked.path());
        if (!prefix.isEmpty()) {
            sets.add("X-Forwarded-Prefix: " + prefix);
        }
        new TreeSet<>(route.settings().rewrite().request().set().keySet()).forEach(sets::add);
        return sets;
    }

    /** What tells the backend who is calling. */
    private static Optional<String> caller(AccessRule rule) {
        Optional<String> audience = rule.audience().map(Audience::value);
        Optional<String> tells = switch (rule.options().relay()) {
            case IDENTITY -> audience.map(name -> "Authorization: Bearer <identity token for " + name + ">");
            case ACCESS_TOKEN ->
                Optional.of("Authorization: Bearer <access token of the user's provider"
                        + audience.map(name -> ", exchanged for one for " + name)
                                .orElse("") + ">");
            case HEADERS ->
                Optional.of(TokenHeaders.SUBJECT + ", " + TokenHeaders.ROLES + ", " + TokenHeaders.SESSION
                        + " and, where known, " + TokenHeaders.NAME + ", " + TokenHeaders.EMAIL);
            case NONE -> Optional.empty();
        };
        return tells.map(what -> rule.access() == AccessLevel.OPTIONAL ? what + ", where a user is signed in" : what);
    }

    private static List<String> removes(RouteEntry route) {
        List<String> removes = new ArrayList<>();
        if (route.entry().access() != AccessLevel.PUBLIC) {
            removes.add("Authorization");
        }
        removes.add("the gateway's own cookies and every header of the latchkey- family");
        removes.add("Forwarded, X-Forwarded-*, X-Real-IP, Connection and the headers that it names");
        List<String> passed = route.settings().rewrite().request().pass();
        removes.add("X-Original-*, X-Rewrite-*, X-HTTP-Method-Override and the like"
                + (passed.isEmpty() ? "" : " except " + String.join(", ", passed)));
        removes.addAll(route.settings().rewrite().request().remove());
        return removes;
    }
}
