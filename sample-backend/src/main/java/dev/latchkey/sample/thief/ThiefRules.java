package dev.latchkey.sample.thief;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.PathPatternParserServerWebExchangeMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsConfigurationSource;
import org.springframework.web.cors.reactive.UrlBasedCorsConfigurationSource;

/** Who may call the thief: the pages of the demo's gateway, which browsers take for the same site as this port. */
@Configuration(proxyBeanMethods = false)
@Profile("thief")
class ThiefRules {

    private static final String PATHS = "/thief/**";

    /** @throws IllegalStateException for an address that another machine reaches: it would hand its sessions over */
    ThiefRules(@Value("${server.address}") InetAddress address) {
        if (!address.isLoopbackAddress()) {
            throw new IllegalStateException(
                    "the profile thief is for demos on this machine: server.address must be 127.0.0.1, not "
                            + address.getHostAddress());
        }
    }

    /** No token is asked for, and none is in a response. */
    @Bean
    @Order(0)
    SecurityWebFilterChain thiefAccess(ServerHttpSecurity http, @Value("${sample.gateway}") URI gateway) {
        return http.securityMatcher(new PathPatternParserServerWebExchangeMatcher(PATHS))
                .authorizeExchange(exchange -> exchange.anyExchange().permitAll())
                .cors(cors -> cors.configurationSource(onlyPagesOf(gateway)))
                .csrf(CsrfSpec::disable)
                .build();
    }

    private static CorsConfigurationSource onlyPagesOf(URI gateway) {
        CorsConfiguration pages = new CorsConfiguration();
        pages.setAllowedOrigins(
                List.of("http://localhost:" + gateway.getPort(), "http://127.0.0.1:" + gateway.getPort()));
        pages.setAllowedMethods(List.of(HttpMethod.POST.name()));
        pages.setAllowCredentials(true);
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration(PATHS, pages);
        return source;
    }
}
