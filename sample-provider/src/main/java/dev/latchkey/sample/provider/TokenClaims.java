package dev.latchkey.sample.provider;

import java.util.Objects;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.StandardClaimNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.springframework.stereotype.Component;

/** Says in ID tokens what the gateway needs of a user: name and roles (OpenID Connect Core section 5.1). */
@Component
final class TokenClaims implements OAuth2TokenCustomizer<JwtEncodingContext> {

    @Override
    public void customize(JwtEncodingContext context) {
        if (OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue())) {
            Authentication signedIn = context.getPrincipal();
            SampleUser user = SampleUser.of(Objects.requireNonNull(signedIn).getName());
            context.getClaims().claim(StandardClaimNames.NAME, user.fullName()).claim("roles", user.roles());
        }
    }
}
