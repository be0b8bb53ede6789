package dev.latchkey.gateway.provider;

import com.nimbusds.jose.JWSAlgorithm;
import dev.latchkey.gateway.provider.setting.Preset;
import dev.latchkey.gateway.startup.LoopbackHost;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How one provider is configured: docs/providers.md says what each setting means. It names files of secrets, and holds
 * none.
 */
record ProviderSettings(
        String issuer,
        @DefaultValue("generic") Preset preset,
        String clientId,
        @Nullable Path clientSecretFile,
        @Nullable Path privateKeyFile,
        @Nullable String nativeClientId,
        @DefaultValue List<String> nativeRedirectUris,
        List<String> scopes,
        String rolesClaim,
        @DefaultValue("name") String nameClaim,
        @DefaultValue("email") String emailClaim,
        @Nullable String localUserClaim,
        @DefaultValue("false") boolean userInfo,
        @DefaultValue("RS256") String idTokenAlgorithm,
        @Nullable String label,
        @DefaultValue Map<String, String> extraParameters,
        @Nullable URI resource,
        @DefaultValue("auto") Par par,
        @DefaultValue("false") boolean dpop,
        @DefaultValue Set<String> allowedHosts,
        @Nullable String sslBundle,
        @DefaultValue("8s") Duration callTimeout,
        @DefaultValue("12s") Duration lease,
        @DefaultValue("5s") Duration orphanWait,
        @DefaultValue("0s") Duration reuseGrace,
        @DefaultValue("1h") Duration recheck,
        @DefaultValue("5m") Duration defaultExpiresIn) {

    private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

    /** What a look for such requests, the claim and the way to the provider may take. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    /** Parameters of an authorization request that nobody may set, because the sign-in depends on them. */
    private static final Set<String> OURS = Set.of(
            "response_type",
            "response_mode",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "request",
            "request_uri");

    /** Those whose signatures can be verified here. */
    private static final List<String> ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    /** When authorization requests are pushed (RFC 9126). */
    enum Par {
        AUTO,
        REQUIRED,
        OFF
    }

    ProviderSettings {
        check(
                issuer != null && isBase(issuer),
                "issuer must be the provider's issuer, an address that begins with"
                        + " https:// (http:// for this machine only) and has no query or fragment");
        check(clientId != null && !clientId.isBlank(), "client-id must be set to what the provider calls this client");
        check(
                (clientSecretFile == null) != (privateKeyFile == null),
                "needs either client-secret-file or"
                        + " private-key-file: how the gateway proves to the provider who it is");
        nativeRedirectUris = checkedNative(clientId, nativeClientId, nativeRedirectUris);
        scopes = scopes == null || scopes.isEmpty() ? preset.scopes() : List.copyOf(scopes);
        check(scopes.contains("openid"), "scopes must contain openid (OpenID Connect Core section 3.1.2.1)");
        rolesClaim = rolesClaim == null ? preset.rolesClaim() : rolesClaim;
        check(
                ALGORITHMS.contains(idTokenAlgorithm),
                "id-token-algorithm must be a signature algorithm with a public key: one of " + ALGORITHMS);
        check(
                extraParameters.keySet().stream().noneMatch(OURS::contains),
                "extra-parameters must not contain what the" + " gateway sets itself, such as state or redirect_uri");
        Map<String, String> parameters = new HashMap<>(preset.parameters());
        parameters.putAll(extraParameters);
        extraParameters = Map.copyOf(parameters);
        check(
                resource == null || (resource.isAbsolute() && resource.getRawFragment() == null),
                "resource must be an" + " absolute URI without a fragment (RFC 8707 section 2)");
        Set<String> hosts = new HashSet<>(preset.hosts());
        allowedHosts.forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        allowedHosts = Set.copyOf(hosts);
        check(
                !callTimeout.isNegative() && !callTimeout.isZero() && callTimeout.compareTo(LONGEST_CALL) <= 0,
                "call-timeout must lie between 1ms and 1m");
        check(
                lease.compareTo(callTimeout.plusSeconds(1)) >= 0,
                "lease must be a second longer than call-timeout, or two" + " nodes could send one refresh token");
        check(
                !orphanWait.isNegative() && !reuseGrace.isNegative() && !recheck.isNegative(),
                "orphan-wait, reuse-grace" + " and recheck must not be negative");
        check(defaultExpiresIn.compareTo(Duration.ofSeconds(1)) >= 0, "default-expires-in must be at least 1s");
    }

    private static void check(boolean isGood, String sentence) {
        if (!isGood) {
            throw new IllegalArgumentException("latchkey.providers: a provider's " + sentence);
        }
    }

    private static List<String> checkedNative(
            String clientId, @Nullable String nativeClientId, List<String> redirects) {
        check(
                (nativeClientId == null) == redirects.isEmpty(),
                "native-client-id and native-redirect-uris must be set together");
        check(
                nativeClientId == null || !(nativeClientId.isBlank() || nativeClientId.equals(clientId)),
                "native-client-id must be another client than client-id: a public one, without a secret (RFC 8252"
                        + " section 8.4)");
        redirects.forEach(redirect -> NativeRedirects.fault(redirect)
                .ifPresent(fault -> check(false, "native-redirect-uris: '" + redirect + "' " + fault)));
        return List.copyOf(redirects);
    }

    private static boolean isBase(String text) {
        try {
            URI uri = URI.create(text);
            boolean isSafe = "https".equals(uri.getScheme())
                    || ("http".equals(uri.getScheme()) && LoopbackHost.is(uri.getHost()));
            return isSafe
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /**
     * Whether a refresh that a crash interrupted is repeated before the provider takes it for a theft. The provider's
     * time runs from the first request, which was sent after the claim.
     */
    boolean survivesCrash() {
        return reuseGrace.isZero() || repeatedWithin().compareTo(reuseGrace) <= 0;
    }

    /** How long after the claim a request whose node did not come back is made again at the latest. */
    Duration repeatedWithin() {
        return lease.plus(orphanWait).plus(Provider.Timing.ORPHAN_INTERVAL).plus(MARGIN);
    }

    JWSAlgorithm algorithm() {
        return JWSAlgorithm.parse(idTokenAlgorithm);
    }

    /** What the provider calls a client; empty for native apps where they have none. */
    Optional<String> clientId(ClientType client) {
        return client == ClientType.PUBLIC ? Optional.ofNullable(nativeClientId) : Optional.of(clientId);
    }

    Optional<String> localUser() {
        return Optional.ofNullable(localUserClaim).filter(claim -> !claim.isBlank());
    }

    Optional<URI> resourceUri() {
        return Optional.ofNullable(resource);
    }

    /** Where the metadata is (OpenID Connect Discovery section 4.1). */
    URI discovery() {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** Whether the gateway may call this address: on the issuer's own origin, or on a host that is allowed. */
    boolean mayCall(URI endpoint) {
        URI base = URI.create(issuer);
        if (endpoint.getHost() == null || endpoint.getRawUserInfo() != null) {
            return false;
        }
        boolean isOwn = base.getScheme().equals(endpoint.getScheme())
                && base.getHost().equalsIgnoreCase(endpoint.getHost())
                && base.getPort() == endpoint.getPort();
        String host = endpoint.getHost().toLowerCase(Locale.ROOT);
        String named = endpoint.getPort() == -1 ? host : host + ":" + endpoint.getPort();
        return isOwn || (base.getScheme().equals(endpoint.getScheme()) && allowedHosts.contains(named));
    }
}
