package dev.latchkey.sample.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.sample.provider.Rotations.Rotated;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells the demo page who can sign in here and how often this provider replaced the caller's tokens, never a token. */
@RestController
final class StatusEndpoint {

    private static final List<String> USERS =
            SampleUser.ALL.stream().map(SampleUser::userName).toList();

    private final Rotations rotations;
    private final String prefix;

    StatusEndpoint(Rotations rotations, SampleProviderProperties properties) {
        this.rotations = rotations;
        this.prefix = properties.calledByGateway() + "|";
    }

    /** @param token the gateway's identity token, if anyone is signed in; users of others are not known here */
    @GetMapping("/status")
    Status status(@AuthenticationPrincipal @Nullable Jwt token) {
        Optional<Rotated> rotated = Optional.ofNullable(token)
                .map(Jwt::getSubject)
                .filter(subject -> subject.startsWith(prefix))
                .flatMap(subject -> rotations.of(subject.substring(prefix.length())));
        return new Status(
                USERS,
                rotated.map(Rotated::times).orElse(null),
                rotated.map(Rotated::last).orElse(null));
    }

    /** Without the last two for a caller who did not sign in here. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(
            List<String> users,
            @Nullable Integer rotations,
            @Nullable Instant lastTokens) {}
}
