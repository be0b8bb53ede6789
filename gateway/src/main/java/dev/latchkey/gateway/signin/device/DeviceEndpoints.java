package dev.latchkey.gateway.signin.device;

import dev.latchkey.gateway.signin.AuthEndpoint;
import dev.latchkey.gateway.signin.AuthEndpoints;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The endpoints that browsers ask by themselves. Their requests carry neither {@code Origin} nor fetch metadata, which
 * the cross-site check takes for a program's; those of other sites carry one of them and are refused.
 */
@Component
final class DeviceEndpoints implements AuthEndpoints {

    private final List<AuthEndpoint> endpoints;

    DeviceEndpoints(RegistrationEndpoint registration, RenewalEndpoint renewal, EndpointPaths paths) {
        this.endpoints = List.of(
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.DEVICE_REGISTRATION), registration::submit),
                new AuthEndpoint(AuthEndpoint.POST, paths.of(Endpoint.DEVICE_RENEWAL), renewal::submit));
    }

    @Override
    public List<AuthEndpoint> all() {
        return endpoints;
    }
}
