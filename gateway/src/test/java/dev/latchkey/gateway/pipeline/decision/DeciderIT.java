package dev.latchkey.gateway.pipeline.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.latchkey.gateway.denylist.LocalDenylistReport;
import dev.latchkey.gateway.http.Peer;
import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import dev.latchkey.gateway.pipeline.authentication.AuthenticationResult.SignedIn;
import dev.latchkey.gateway.pipeline.authorization.AccessLevel;
import dev.latchkey.gateway.pipeline.authorization.AccessOptions;
import dev.latchkey.gateway.pipeline.authorization.AccessRule;
import dev.latchkey.gateway.pipeline.authorization.BindingRequirement;
import dev.latchkey.gateway.pipeline.authorization.Relay;
import dev.latchkey.gateway.pipeline.authorization.RequiredRoles;
import dev.latchkey.gateway.pipeline.authorization.RequiredSignIn;
import dev.latchkey.gateway.pipeline.authorization.Unauthenticated;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Forward;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Refuse;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.SignIn;
import dev.latchkey.gateway.pipeline.decision.RequestDecision.Undecided;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.testing.Browser;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import dev.latchkey.gateway.token.AccessClaims;
import dev.latchkey.gateway.token.Audience;
import dev.latchkey.gateway.token.Roles;
import dev.latchkey.gateway.token.Subject;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What one node decides alone, without waiting for anybody, and what it leaves undecided. */
final class DeciderIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final RequiredRoles NOBODY = RequiredRoles.anyOf(Roles.of(List.of("nobody")));
    private static final AccessRule PUBLIC =
            new AccessRule(AccessLevel.PUBLIC, RequiredRoles.NONE, Optional.empty(), AccessOptions.DEFAULT);
    private static final AccessRule REQUIRED = rule(AccessLevel.REQUIRED, RequiredRoles.NONE, AccessOptions.DEFAULT);
    private static final AccessRule OPTIONAL = rule(AccessLevel.OPTIONAL, RequiredRoles.NONE, AccessOptions.DEFAULT);

    private static final AccessRule STRONGER = rule(
            AccessLevel.REQUIRED,
            RequiredRoles.NONE,
            new AccessOptions(
                    false,
                    Relay.IDENTITY,
                    Unauthenticated.SIGN_IN,
                    false,
                    new RequiredSignIn(Optional.empty(), Optional.empty(), List.of("gold")),
                    BindingRequirement.ANY,
                    BindingRequirement.ANY));

    private static final Map<Problem, String> NAMES = Map.of(
            Problem.UNAUTHENTICATED, "UNAUTHENTICATED",
            Problem.INVALID_TOKEN, "INVALID_TOKEN",
            Problem.FORBIDDEN, "FORBIDDEN",
            Problem.CROSS_SITE, "CROSS_SITE",
            Problem.REPEATED_COOKIE, "REPEATED_COOKIE",
            Problem.UNAVAILABLE, "UNAVAILABLE",
            Problem.DPOP_REQUIRED, "DPOP_REQUIRED",
            Problem.DPOP_REQUIRED_OF_BROWSER, "DPOP_REQUIRED_OF_BROWSER");

    private static Gateway node;
    private static Decider decider;

    @BeforeAll
    static void startNode() {
        node = WORLD.startFreshNode(Map.of());
        decider = node.bean(Decider.class);
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @BeforeEach
    void awaitFreshCopy() {
        await().atMost(SOON).until(() -> node.bean(LocalDenylistReport.class).isFresh());
    }

    @Test
    void decideWhenAccessTokenIsValidThenForwardsAsItsUser() {
        Browser ada = WORLD.signedIn("ada");

        RequestDecision decision = decider.decide(get(ada.jar()), REQUIRED);

        Forward forward = (Forward) decision;
        assertThat(forward.identity().caller().orElseThrow().subject()).isEqualTo(new Subject("ada"));
        assertThat(forward.identity().token()).isPresent();
        assertThat(forward.confirmed()).isEqualTo(forward.identity().caller());
        assertThat(described(get(ada.jar()), OPTIONAL)).isEqualTo("forward IDENTIFIED");
        assertThat(described(get(ada.jar()), PUBLIC)).isEqualTo("forward PUBLIC");
    }

    @Test
    void decideWhenNoTokenThenByTheRouteAlone() {
        AccessRule program = rule(
                AccessLevel.REQUIRED,
                RequiredRoles.NONE,
                new AccessOptions(false, Relay.IDENTITY, Unauthenticated.PROBLEM, false));

        assertThat(described(get(Map.of()), REQUIRED)).isEqualTo("sign in UNAUTHENTICATED");
        assertThat(described(get(Map.of()), program)).isEqualTo("refuse UNAUTHENTICATED SIGN_IN");
        assertThat(described(get(Map.of()), OPTIONAL)).isEqualTo("forward ANONYMOUS");
    }

    @Test
    void decideWhenRoleIsMissingThenRefusesAndReportsTheUser() {
        AccessRule admins = rule(AccessLevel.REQUIRED, NOBODY, AccessOptions.DEFAULT);
        Map<String, String> jar = WORLD.signedIn("ada").jar();
        RequestDecision decision = decider.decide(get(jar), admins);

        assertThat(((Refuse) decision).confirmed()).isPresent();
        assertThat(described(decision)).isEqualTo("refuse FORBIDDEN FORBIDDEN");
        assertThat(decider.decide(get(jar), STRONGER))
                .isInstanceOf(SignIn.class)
                .extracting(DeciderIT::confirmed)
                .matches(Optional::isPresent);
    }

    @Test
    void decideWhenStrictThenOnlyAUserIsUndecided() {
        AccessRule strict = rule(
                AccessLevel.REQUIRED,
                RequiredRoles.NONE,
                new AccessOptions(true, Relay.IDENTITY, Unauthenticated.SIGN_IN, false));

        assertThat(described(get(WORLD.signedIn("ada").jar()), strict)).isEqualTo("undecided");
        assertThat(described(get(Map.of()), strict)).isEqualTo("sign in UNAUTHENTICATED");
        assertThat(described(get(Map.of("latchkey-access", "garbage")), strict)).isEqualTo("sign in INVALID_TOKEN");
    }

    @Test
    void decideWhenDpopIsRequiredThenRefusesOtherTokensByHowTheyCame() {
        AccessOptions options = new AccessOptions(
                false,
                Relay.IDENTITY,
                Unauthenticated.SIGN_IN,
                false,
                RequiredSignIn.NONE,
                BindingRequirement.ANY,
                BindingRequirement.REQUIRED);
        AccessRule proven = rule(AccessLevel.REQUIRED, RequiredRoles.NONE, options);
        AccessRule provenOrGuest = rule(AccessLevel.OPTIONAL, RequiredRoles.NONE, options);
        Map<String, String> jar = WORLD.signedIn("ada").jar();

        assertThat(described(bearer(access(jar)), proven)).isEqualTo("refuse DPOP_REQUIRED FORBIDDEN");
        assertThat(described(get(jar), proven)).isEqualTo("refuse DPOP_REQUIRED_OF_BROWSER FORBIDDEN");
        assertThat(described(get(Map.of()), proven)).isEqualTo("refuse DPOP_REQUIRED SIGN_IN");
        assertThat(described(bearer(access(jar)), provenOrGuest)).isEqualTo("refuse DPOP_REQUIRED FORBIDDEN");
        assertThat(described(get(Map.of()), provenOrGuest)).isEqualTo("forward ANONYMOUS");
    }

    @Test
    void decideWhenAnotherSiteSendsCookiesThenRefuses() {
        HttpHeaders headers = cookies(WORLD.signedIn("ada").jar()).add("Origin", "https://evil.example");

        assertThat(described(head(HttpMethod.POST, headers), REQUIRED)).isEqualTo("refuse CROSS_SITE REFUSED");
        assertThat(described(head(HttpMethod.GET, headers), REQUIRED)).isEqualTo("forward IDENTIFIED");
    }

    @Test
    void decideWhenCookieComesTwiceThenRefuses() {
        HttpHeaders headers = new DefaultHttpHeaders().add("Cookie", "latchkey-access=a; latchkey-access=b");

        assertThat(described(head(HttpMethod.GET, headers), OPTIONAL)).isEqualTo("refuse REPEATED_COOKIE REFUSED");
    }

    @Test
    void decideWhenTokensMayBeRotatedThenUndecided() {
        Map<String, String> jar = WORLD.signedIn("ada").jar();
        String access = access(jar);
        WORLD.expireAccessToken();

        assertThat(described(get(jar), OPTIONAL)).isEqualTo("undecided");
        Map<String, String> refresh = new HashMap<>(jar);
        refresh.remove("latchkey-access");
        assertThat(described(get(refresh), REQUIRED)).isEqualTo("undecided");
        assertThat(described(get(Map.of("latchkey-access", access)), REQUIRED)).isEqualTo("sign in INVALID_TOKEN");
        assertThat(described(bearer(access), REQUIRED)).isEqualTo("sign in INVALID_TOKEN");
        assertThat(described(bearer("garbage"), REQUIRED)).isEqualTo("sign in INVALID_TOKEN");
    }

    /** Their client may never get them. */
    @Test
    void decideWhenTokensWereJustMadeThenConfirmsNobody() {
        Map<String, String> jar = WORLD.signedIn("ada").jar();
        Forward known = (Forward) decider.decide(get(jar), REQUIRED);
        SignedIn rotated = new SignedIn(known.identity().caller().orElseThrow(), Optional.empty());
        List<AccessRule> rules = new ArrayList<>();
        for (Relay relay : Relay.values()) {
            rules.add(rule(
                    AccessLevel.REQUIRED,
                    RequiredRoles.NONE,
                    new AccessOptions(false, relay, Unauthenticated.SIGN_IN, false)));
        }
        rules.add(bound(BindingRequirement.REQUIRED, BindingRequirement.ANY));
        rules.add(bound(BindingRequirement.ANY, BindingRequirement.REQUIRED));
        rules.add(rule(AccessLevel.REQUIRED, NOBODY, AccessOptions.DEFAULT));
        rules.add(STRONGER);

        assertThat(rules)
                .allSatisfy(rule -> assertThat(decider.decide(get(jar), rotated, rule)
                                .map(DeciderIT::confirmed)
                                .block(SOON))
                        .isEmpty());
    }

    private static Optional<AccessClaims> confirmed(RequestDecision decision) {
        return decision.fold(Forward::confirmed, Refuse::confirmed, SignIn::confirmed, Optional::empty);
    }

    private static AccessRule bound(BindingRequirement device, BindingRequirement dpop) {
        AccessOptions options = new AccessOptions(
                false, Relay.IDENTITY, Unauthenticated.SIGN_IN, false, RequiredSignIn.NONE, device, dpop);
        return rule(AccessLevel.REQUIRED, RequiredRoles.NONE, options);
    }

    @Test
    void decideWhenSessionEndsThenNoLongerForwards() {
        Browser ada = WORLD.signedIn("ada");
        Map<String, String> access = Map.of("latchkey-access", access(ada.jar()));
        assertThat(described(get(access), REQUIRED)).isEqualTo("forward IDENTIFIED");

        ada.post("/auth/sign-out");

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(described(get(access), REQUIRED)).isEqualTo("sign in INVALID_TOKEN"));
    }

    @Test
    void decideWhenCopyIsStaleThenOnlyWhatItRefusesIsDecided() {
        Browser ada = WORLD.signedIn("ada");
        Map<String, String> gone =
                Map.of("latchkey-access", access(WORLD.signedIn("ada").jar()));
        Browser leaving = WORLD.browser();
        leaving.putBack(gone);
        leaving.post("/auth/sign-out");
        await().atMost(SOON).until(() -> described(get(gone), REQUIRED).equals("sign in INVALID_TOKEN"));
        WORLD.redis().pause();
        try {
            await().atMost(SOON)
                    .until(() -> !node.bean(LocalDenylistReport.class).isFresh());

            assertThat(described(get(ada.jar()), REQUIRED)).isEqualTo("undecided");
            assertThat(described(get(gone), REQUIRED)).isEqualTo("sign in INVALID_TOKEN");
            assertThat(described(get(Map.of()), OPTIONAL)).isEqualTo("forward ANONYMOUS");
        } finally {
            WORLD.redis().resume();
        }
    }

    @Test
    void decideWhenPublicThenOnlyForeignCredentialsStay() {
        String ours = access(WORLD.signedIn("ada").jar());

        assertThat(keepsAuthorization(bearer(ours))).isFalse();
        for (String hidden : List.of("Other  %s", "Bearer\t%s", "Bearer %s, x", "Bearer x,%s", "Other t=\"%s\"")) {
            assertThat(keepsAuthorization(head(HttpMethod.GET, authorization(hidden.formatted(ours)))))
                    .as(hidden)
                    .isFalse();
        }
        assertThat(keepsAuthorization(bearer("foreign"))).isTrue();
        assertThat(keepsAuthorization(head(HttpMethod.GET, authorization("Basic YTpi"))))
                .isTrue();
    }

    @Test
    void decideWhenAskedThenNothingIsCounted() {
        Map<String, String> jar = WORLD.signedIn("ada").jar();
        double before = admissions();

        decider.decide(get(jar), REQUIRED);
        decider.decide(get(Map.of()), REQUIRED);

        assertThat(admissions()).isEqualTo(before);
    }

    private static double admissions() {
        return node.bean(MeterRegistry.class).find("latchkey.admissions").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static boolean keepsAuthorization(RequestHead request) {
        return ((Forward) decider.decide(request, PUBLIC)).identity().keepAuthorization();
    }

    private static String described(RequestHead request, AccessRule rule) {
        return described(decider.decide(request, rule));
    }

    private static String described(RequestDecision decision) {
        return decision.fold(
                forward -> "forward " + forward.outcome(),
                refuse -> "refuse " + name(refuse.problem()) + " " + refuse.outcome(),
                signIn -> "sign in " + name(signIn.problem()),
                () -> Undecided.UNDECIDED.name().toLowerCase(Locale.ROOT));
    }

    private static String name(Problem problem) {
        return NAMES.getOrDefault(problem, "another problem");
    }

    private static String access(Map<String, String> jar) {
        return Objects.requireNonNull(jar.get("latchkey-access"));
    }

    private static AccessRule rule(AccessLevel access, RequiredRoles roles, AccessOptions options) {
        return new AccessRule(access, roles, Optional.of(new Audience("orders")), options);
    }

    private static RequestHead get(Map<String, String> jar) {
        return head(HttpMethod.GET, cookies(jar));
    }

    private static RequestHead bearer(String token) {
        return head(HttpMethod.GET, authorization("Bearer " + token));
    }

    private static HttpHeaders authorization(String value) {
        return new DefaultHttpHeaders().add("Authorization", value);
    }

    private static HttpHeaders cookies(Map<String, String> jar) {
        HttpHeaders headers = new DefaultHttpHeaders();
        jar.forEach((name, value) -> headers.add("Cookie", name + "=" + value));
        return headers;
    }

    private static RequestHead head(HttpMethod method, HttpHeaders headers) {
        return new NettyRequestHead(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, "/api/x", headers),
                new ClientConnection(Optional.of(Peer.of(InetAddress.getLoopbackAddress())), false, false));
    }
}
