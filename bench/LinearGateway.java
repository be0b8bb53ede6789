import dev.latchkey.gateway.GatewayApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The gateway with the framework's own way to find a route in front of ours: it tries one route after the other. The
 * rest of a request's way is the same. For comparison by routes.sh, which compiles it against the jar.
 */
final class LinearGateway {

    private LinearGateway() {}

    public static void main(String[] arguments) {
        new SpringApplicationBuilder(GatewayApplication.class)
                .initializers(context -> register((GenericApplicationContext) context))
                .run(arguments);
    }

    private static void register(GenericApplicationContext context) {
        context.registerBean("linear", RoutePredicateHandlerMapping.class, () -> {
            RoutePredicateHandlerMapping linear = new RoutePredicateHandlerMapping(
                    context.getBean(FilteringWebHandler.class),
                    context.getBean(RouteLocator.class),
                    context.getBean(GlobalCorsProperties.class),
                    context.getEnvironment());
            linear.setOrder(0);
            return linear;
        });
    }
}
