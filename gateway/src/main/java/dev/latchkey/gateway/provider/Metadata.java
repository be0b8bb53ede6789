package dev.latchkey.gateway.provider;

import com.nimbusds.oauth2.sdk.GrantType;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import dev.latchkey.gateway.provider.ProviderSettings.Par;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says of itself (OpenID Connect Discovery section 3), as far as it is used and was checked.
 *
 * @param par where authorization requests are pushed, if they are to be (RFC 9126)
 * @param userInfo where claims are asked for that ID tokens lack (OpenID Connect Core section 5.3)
 * @param takesSecretInForm whether the client's secret goes into the form, because the header is not taken
 * @param exchangesTokens whether it offers token exchange (RFC 8693)
 * @param sendsIssuer whether answers to authorization requests carry {@code iss} (RFC 9207)
 */
record Metadata(
        URI authorization,
        URI token,
        URI keys,
        Optional<URI> par,
        Optional<URI> revocation,
        Optional<URI> endSession,
        Optional<URI> userInfo,
        boolean takesSecretInForm,
        boolean exchangesTokens,
        boolean sendsIssuer) {

    /** Reads and checks it; what is wrong is a sentence that holds nothing of the document. */
    static Read read(String document, ProviderSettings settings) {
        try {
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(document);
            Optional<String> fault = fault(metadata, settings);
            return fault.isPresent() ? new Read(null, fault.get()) : new Read(of(metadata, settings), "");
        } catch (ParseException | RuntimeException malformed) {
            return new Read(null, "its metadata is not what OpenID Connect Discovery says it is");
        }
    }

    private static Optional<String> fault(OIDCProviderMetadata metadata, ProviderSettings settings) {
        if (!settings.issuer().equals(metadata.getIssuer().getValue())) {
            return Optional.of("its metadata names another issuer than latchkey.providers does, to the letter"
                    + " (OpenID Connect Discovery section 4.3)");
        }
        if (metadata.getAuthorizationEndpointURI() == null || metadata.getTokenEndpointURI() == null) {
            return Optional.of("its metadata lacks an authorization_endpoint or a token_endpoint");
        }
        List<CodeChallengeMethod> methods = metadata.getCodeChallengeMethods();
        boolean hasS256 = methods == null ? settings.preset().knowsS256() : methods.contains(CodeChallengeMethod.S256);
        if (!hasS256) {
            return Optional.of("its metadata does not list S256 in code_challenge_methods_supported, without which a"
                    + " stolen code could be used (RFC 7636)");
        }
        if (settings.par() == Par.REQUIRED && metadata.getPushedAuthorizationRequestEndpointURI() == null) {
            return Optional.of("its metadata has no pushed_authorization_request_endpoint, and par is required");
        }
        if (settings.userInfo() && metadata.getUserInfoEndpointURI() == null) {
            return Optional.of("its metadata has no userinfo_endpoint, and user-info is on");
        }
        return foreign(metadata, settings).or(() -> unauthenticated(metadata, settings));
    }

    private static Optional<String> foreign(OIDCProviderMetadata metadata, ProviderSettings settings) {
        return Stream.of(
                        metadata.getAuthorizationEndpointURI(),
                        metadata.getTokenEndpointURI(),
                        metadata.getJWKSetURI(),
                        metadata.getPushedAuthorizationRequestEndpointURI(),
                        metadata.getRevocationEndpointURI(),
                        metadata.getEndSessionEndpointURI(),
                        settings.userInfo() ? metadata.getUserInfoEndpointURI() : null)
                .filter(uri -> uri != null && !settings.mayCall(uri))
                .findFirst()
                .map(uri -> "its metadata names an endpoint that is neither on the issuer's origin nor on a host of"
                        + " allowed-hosts");
    }

    private static Optional<String> unauthenticated(OIDCProviderMetadata metadata, ProviderSettings settings) {
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        Set<ClientAuthenticationMethod> ours = settings.privateKeyFile() != null
                ? Set.of(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
                : Set.of(ClientAuthenticationMethod.CLIENT_SECRET_BASIC, ClientAuthenticationMethod.CLIENT_SECRET_POST);
        boolean isOffered = methods == null || methods.stream().anyMatch(ours::contains);
        return isOffered
                ? Optional.empty()
                : Optional.of("its token_endpoint_auth_methods_supported has no way that the configured secret or key"
                        + " could be used");
    }

    private static Metadata of(OIDCProviderMetadata metadata, ProviderSettings settings) {
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean takesHeader = methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        List<GrantType> grants = metadata.getGrantTypes();
        boolean pushes = settings.par() != Par.OFF || metadata.requiresPushedAuthorizationRequests();
        return new Metadata(
                metadata.getAuthorizationEndpointURI(),
                metadata.getTokenEndpointURI(),
                metadata.getJWKSetURI(),
                Optional.ofNullable(metadata.getPushedAuthorizationRequestEndpointURI())
                        .filter(uri -> pushes),
                Optional.ofNullable(metadata.getRevocationEndpointURI()),
                Optional.ofNullable(metadata.getEndSessionEndpointURI()),
                Optional.ofNullable(metadata.getUserInfoEndpointURI()),
                !takesHeader,
                grants != null && grants.contains(GrantType.TOKEN_EXCHANGE),
                metadata.supportsAuthorizationResponseIssuerParam());
    }

    /**
     * What came of reading it.
     *
     * @param fault a sentence where there is none
     */
    record Read(@Nullable Metadata metadata, String fault) {}
}
