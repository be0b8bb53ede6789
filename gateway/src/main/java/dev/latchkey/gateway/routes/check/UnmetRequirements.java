package dev.latchkey.gateway.routes.check;

import dev.latchkey.gateway.pipeline.authorization.AccessOptions;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.BindingRequirement;
import dev.latchkey.gateway.token.ProviderName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a route asks of its callers that, by the other settings, nobody can bring. */
final class UnmetRequirements {

    private final ValidationContext context;
    private final Optional<Set<String>> roles;

    UnmetRequirements(ValidationContext context) {
        this.context = context;
        this.roles = context.roles().names();
    }

    /** A sentence for each. */
    List<String> of(AccessRule rule) {
        List<String> unmet = new ArrayList<>();
        AccessOptions options = rule.options();
        roles.ifPresent(known -> rule.roles().names().stream()
                .filter(role -> !known.contains(role))
                .forEach(role -> unmet.add("it asks for role '" + role + "', which no user has")));
        // The page of the sign-in passes over a name that it does not know.
        context.providers()
                .ifPresent(known -> options.requiredSignIn()
                        .provider()
                        .map(ProviderName::value)
                        .filter(name -> !known.contains(name))
                        .ifPresent(name -> unmet.add("users cannot sign in with its provider '" + name
                                + "', which latchkey.providers does not define")));
        // Sessions that were bound before, and clients that prove a key (RFC 9449), still enter.
        context.bindsDevices()
                .filter(binds -> !binds && options.device() == BindingRequirement.REQUIRED)
                .ifPresent(never -> unmet.add(
                        "it asks for a device, but with latchkey.device-binding off no browser binds its session"));
        // While proofs are not looked at, tokens that were bound before are refused, too.
        context.bindsTokens()
                .filter(binds -> !binds && options.isDpopRequired())
                .ifPresent(never -> unmet.add("nobody can enter: it asks for a token that is bound to a key, but"
                        + " latchkey.dpop.enabled is false"));
        return unmet;
    }
}
