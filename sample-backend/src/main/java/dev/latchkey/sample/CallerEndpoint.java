package dev.latchkey.sample;

import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Reports to callers who this backend takes them for. */
@RestController
final class CallerEndpoint {

    private final SampleProperties properties;

    CallerEndpoint(SampleProperties properties) {
        this.properties = properties;
    }

    @GetMapping("/{area}/whoami")
    Caller whoAmI(@AuthenticationPrincipal @Nullable Jwt token) {
        return Caller.of(properties.name(), token);
    }
}
