package dev.latchkey.sample;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.CsrfSpec;
import org.springframework.security.config.web.server.ServerHttpSecurity.RequestCacheSpec;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;

/** Who may call what; how a token is verified is Spring Boot's own configuration in {@code application.yml}. */
@Configuration(proxyBeanMethods = false)
class AccessRules {

    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'%s; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /**
     * A valid identity token for everything but the demo page, the health check and the two areas that the gateway
     * opens to anonymous callers. No cookie authenticates here, so there is nothing for a CSRF token to protect.
     */
    @Bean
    SecurityWebFilterChain rules(ServerHttpSecurity http, Environment environment) {
        return http.authorizeExchange(exchange -> exchange.pathMatchers("/", "/index.html", "/demo/**")
                        .permitAll()
                        .pathMatchers("/public/**", "/optional/**", "/actuator/health/**")
                        .permitAll()
                        .pathMatchers("/orders/all")
                        .hasRole("admin")
                        .anyExchange()
                        .authenticated())
                .oauth2ResourceServer(server -> server.jwt(Customizer.withDefaults()))
                .headers(headers ->
                        headers.contentSecurityPolicy(policy -> policy.policyDirectives(pagePolicy(environment))))
                .requestCache(AccessRules::none)
                .csrf(CsrfSpec::disable)
                .build();
    }

    /** The page calls its own origin alone, and in the demo the thief, too, which is this process at its own port. */
    private static String pagePolicy(Environment environment) {
        String port = environment.getRequiredProperty("server.port");
        return PAGE_POLICY.formatted(
                environment.matchesProfiles("thief")
                        ? " http://localhost:%s http://127.0.0.1:%s".formatted(port, port)
                        : "");
    }

    private static void none(RequestCacheSpec cache) {
        cache.requestCache(NoOpServerRequestCache.getInstance());
    }
}
