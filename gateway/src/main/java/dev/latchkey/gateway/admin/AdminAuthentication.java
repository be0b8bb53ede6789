package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.admin.RefusalCounter.Reason;
import dev.latchkey.gateway.crypto.Sha256;
import dev.latchkey.gateway.pipeline.client.IpAddresses;
import dev.latchkey.gateway.problem.Problem;
import dev.latchkey.gateway.problem.Result;
import dev.latchkey.gateway.problem.Result.Failure;
import dev.latchkey.gateway.problem.Result.Success;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Who an operator is: by a client certificate, or by a token in the header {@code Authorization} (RFC 6750 section 2.1)
 * and nowhere else. The address is that of the connection; what a header says of another one is not believed here.
 */
public final class AdminAuthentication {

    private static final String BEARER = "Bearer ";

    /** Its own pages, and the person at the browser. */
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final Supplier<Optional<ActorTokens>> tokens;
    private final ClientCertificates certificates;
    private final RefusalCounter refusals;

    /** @param tokens empty if operators enter with certificates only */
    AdminAuthentication(
            Supplier<Optional<ActorTokens>> tokens, ClientCertificates certificates, RefusalCounter refusals) {
        this.tokens = tokens;
        this.certificates = certificates;
        this.refusals = refusals;
    }

    /**
     * An operator who may go on without showing again what they entered with.
     *
     * @param isStillOperator whether that would still let them in
     */
    public record AdmittedOperator(Actor actor, BooleanSupplier isStillOperator) {}

    /** The operator of a token, or why they do not enter, as {@link #byToken}. */
    public Result<AdmittedOperator> admit(String token, String address) {
        byte[] hash = Sha256.of(token);
        return byToken(token, address)
                .fold(
                        actor -> new Success<>(new AdmittedOperator(
                                actor,
                                () -> tokens.get()
                                        .filter(all -> all.knows(hash))
                                        .isPresent())),
                        Failure::new);
    }

    /** The operator of a request's certificate, or a 401, or a 403 where there are no tokens. */
    public Result<AdmittedOperator> admit(ServerHttpRequest request) {
        Optional<Actor> certified = certified(request);
        return certified.isPresent()
                ? new Success<>(new AdmittedOperator(certified.get(), () -> true))
                : new Failure<>(missing(request));
    }

    /** Notes from where another site made a browser send something. */
    public void refuseCrossSite(ServerHttpRequest request) {
        refusals.add(address(request), Reason.CROSS_SITE);
    }

    /** Who a request's certificate names; empty if it is no operator's. */
    public Optional<Actor> certified(ServerHttpRequest request) {
        return certificates.find(request.getSslInfo());
    }

    /**
     * The operator of a request, or a 401, or a 429 after too many wrong tokens. A browser shows a certificate with
     * what pages of other sites make it send, too: that is a 403.
     */
    public Result<Actor> of(ServerHttpRequest request) {
        Optional<Actor> certified = certified(request);
        if (certified.isPresent() && isOfOtherSite(request)) {
            refuseCrossSite(request);
            return new Failure<>(Problem.CROSS_SITE);
        }
        if (certified.isPresent()) {
            return new Success<>(certified.get());
        }
        List<String> fields = request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
        String field = fields.size() == 1 ? fields.get(0) : "";
        return field.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? byToken(field.substring(BEARER.length()).strip(), address(request))
                : new Failure<>(missing(request));
    }

    /** By what a browser says of each request over TLS (Fetch Metadata, section 2.4); programs say nothing. */
    private static boolean isOfOtherSite(ServerHttpRequest request) {
        return request.getHeaders().getOrEmpty("Sec-Fetch-Site").stream().anyMatch(site -> !OWN.contains(site));
    }

    private Problem missing(ServerHttpRequest request) {
        boolean hasCertificate = ClientCertificates.isPresent(request.getSslInfo());
        refusals.add(address(request), hasCertificate ? Reason.CERTIFICATE : Reason.MISSING);
        return tokens.get().isPresent() ? Problem.OPERATOR_UNKNOWN : Problem.CERTIFICATE_REQUIRED;
    }

    /**
     * The operator of a token, or a 401, or a 429 after too many wrong ones from the address. A right one always
     * enters: it is too long to be guessed at any speed, and others behind the same address must not be able to keep an
     * operator out.
     *
     * @param address of the client
     */
    public Result<Actor> byToken(String token, String address) {
        Optional<Actor> actor = tokens.get().flatMap(all -> all.find(token));
        if (actor.isPresent()) {
            return new Success<>(actor.get());
        }
        Optional<Duration> wait = refusals.remaining(address);
        if (wait.isPresent()) {
            refusals.add(address, Reason.ATTEMPTS);
            return new Failure<>(Problem.tooManyAttempts(wait.get()));
        }
        refusals.add(address, Reason.TOKEN);
        return new Failure<>(Problem.INVALID_TOKEN);
    }

    /** The address of a request's connection. */
    public static String address(ServerHttpRequest request) {
        InetSocketAddress remote = request.getRemoteAddress();
        return remote == null || remote.getAddress() == null ? "unknown" : IpAddresses.text(remote.getAddress());
    }
}
