package dev.latchkey.gateway.management;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import io.netty.util.NetUtil;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets through the management port only what belongs there: the framework would serve all routes and {@code /auth}
 * there, too, past the limits of the gateway's own port. And keeps pages of other sites from reading the management
 * port through a name that they make resolve to it (DNS rebinding): browsers then send that name as {@code Host} (RFC
 * 9110 section 7.2). An address cannot be made to resolve to another one, and browsers always send the header.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ManagementHostFilter implements WebFilter {

    private static final Pattern HOST = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*))(?::\\d{0,5})?");

    /** Where operators' endpoints and pages are. */
    private static final String ADMIN = "/admin";

    private final Set<String> names;
    private final List<String> places;
    private final ProblemWriter problems;
    private final ApplicationContext context;

    /** @param context the gateway's own, whose port this filter ignores; the management port has its own context */
    ManagementHostFilter(
            ManagementProperties properties,
            WebEndpointProperties endpoints,
            ProblemWriter problems,
            ApplicationContext context) {
        this.names = Set.copyOf(properties.hosts());
        this.places = List.of(endpoints.getBasePath(), ADMIN);
        this.problems = problems;
        this.context = context;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getApplicationContext() == context) {
            return chain.filter(exchange);
        }
        if (!isAllowed(exchange)) {
            return problems.write(exchange, Problem.MISDIRECTED);
        }
        return belongsHere(
                        exchange.getRequest().getPath().pathWithinApplication().value())
                ? chain.filter(exchange)
                : problems.write(exchange, Problem.NOT_FOUND);
    }

    /** Whether a place is the path or the beginning of it; the framework takes an empty place for all of them. */
    private boolean belongsHere(String path) {
        return places.stream()
                .anyMatch(place -> path.startsWith(place)
                        && (path.length() == place.length() || place.isEmpty() || path.charAt(place.length()) == '/'));
    }

    private boolean isAllowed(ServerWebExchange exchange) {
        return exchange.getRequest().getHeaders().getOrEmpty(HttpHeaders.HOST).stream()
                .allMatch(this::isAllowed);
    }

    private boolean isAllowed(String host) {
        Matcher parts = HOST.matcher(host);
        if (!parts.matches()) {
            return false;
        }
        if (parts.group(1) != null) {
            return NetUtil.isValidIpV6Address(parts.group(1));
        }
        String name = parts.group(2).toLowerCase(Locale.ROOT);
        return NetUtil.isValidIpV4Address(name) || name.equals("localhost") || names.contains(name);
    }
}
