package dev.latchkey.gateway.management;

import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.ProblemWriter;
import io.netty.util.NetUtil;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * Keeps pages of other sites from reading the management port through a name that they make resolve to it (DNS
 * rebinding): browsers then send that name as {@code Host} (RFC 9110 section 7.2). An address cannot be made to resolve
 * to another one, and browsers always send the header.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ManagementHostFilter implements WebFilter {

    private static final Pattern HOST = Pattern.compile("(?:\\[([^\\[\\]]*)]|([^:\\[\\]]*))(?::\\d{0,5})?");

    private final Set<String> names;
    private final ProblemWriter problems;
    private final ApplicationContext context;

    /** @param context the gateway's own, whose port this filter ignores; the management port has its own context */
    ManagementHostFilter(ManagementProperties properties, ProblemWriter problems, ApplicationContext context) {
        this.names = Set.copyOf(properties.hosts());
        this.problems = problems;
        this.context = context;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getApplicationContext() == context || isAllowed(exchange)
                ? chain.filter(exchange)
                : problems.write(exchange, Problem.MISDIRECTED);
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
