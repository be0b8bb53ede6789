package dev.latchkey.gateway.provider;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.latchkey.gateway.logging.ThrottledLog;
import dev.latchkey.gateway.provider.transport.Sent;
import dev.latchkey.gateway.provider.transport.Sent.Answered;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Addresses to which browsers are sent to sign in (OpenID Connect Core section 3.1.2.1): the code flow with PKCE and
 * S256 (RFC 7636), pushed to the provider beforehand where it takes that (RFC 9126).
 */
public final class AuthorizationRequests {

    private static final ThrottledLog LOG =
            new ThrottledLog(LoggerFactory.getLogger(AuthorizationRequests.class), Level.WARN);
    private static final int CREATED = 201;
    private static final int LONGEST_URI = 512;

    private final Scheduler scheduler;

    AuthorizationRequests(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The address for one attempt to sign in. It never fails. */
    public Mono<Address> address(Provider provider, Parameters parameters) {
        return Mono.defer(() -> {
                    Optional<Metadata> metadata = provider.metadata();
                    if (metadata.isEmpty()) {
                        return Mono.just(new Away("its metadata is unknown"));
                    }
                    Map<String, String> all = all(provider.settings(), parameters);
                    return metadata.get().par().isPresent()
                            ? push(
                                    provider,
                                    metadata.get(),
                                    metadata.get().par().get(),
                                    all)
                            : Mono.just(new At(address(metadata.get().authorization(), all)));
                })
                .onErrorResume(unexpected -> {
                    LOG.write(
                            "An authorization request could not be made",
                            unexpected.getClass().getSimpleName());
                    return Mono.just(new Away("an unexpected failure"));
                })
                .subscribeOn(scheduler);
    }

    private static Map<String, String> all(ProviderSettings settings, Parameters parameters) {
        Map<String, String> all = new LinkedHashMap<>(settings.extraParameters());
        all.put("response_type", "code");
        all.put("client_id", settings.clientId());
        all.put("redirect_uri", parameters.redirectUri.toString());
        all.put("scope", String.join(" ", settings.scopes()));
        all.put("state", parameters.state);
        all.put("nonce", parameters.nonce);
        all.put("code_challenge", parameters.codeChallenge);
        all.put("code_challenge_method", "S256");
        settings.resourceUri().ifPresent(uri -> all.put("resource", uri.toString()));
        parameters.prompt.ifPresent(prompt -> all.put("prompt", prompt));
        parameters.loginHint.ifPresent(hint -> all.put("login_hint", hint));
        parameters.maxAge.ifPresent(age -> all.put("max_age", String.valueOf(age.toSeconds())));
        if (!parameters.acrValues.isEmpty()) {
            all.put("acr_values", String.join(" ", parameters.acrValues));
        }
        return all;
    }

    private static URI address(URI endpoint, Map<String, String> parameters) {
        String separator = endpoint.getRawQuery() == null ? "?" : "&";
        return URI.create(endpoint + separator + TokenCalls.encoded(parameters));
    }

    private Mono<Address> push(Provider provider, Metadata metadata, URI endpoint, Map<String, String> all) {
        Duration within = provider.settings().callTimeout();
        return ClientCredentials.push(provider, endpoint, all, within).map(sent -> pushed(provider, metadata, sent));
    }

    private static Address pushed(Provider provider, Metadata metadata, Sent sent) {
        Optional<String> uri =
                sent.fold(AuthorizationRequests::requestUri, lost -> Optional.empty(), none -> Optional.empty());
        if (uri.isEmpty()) {
            String word = sent.fold(answer -> "status " + answer.status(), Sent.Lost::how, Sent.Unsent::why);
            LOG.write("Provider " + provider.name() + " does not take authorization requests", word);
            return new Away("it does not take authorization requests (" + word + ")");
        }
        Map<String, String> rest = new LinkedHashMap<>();
        rest.put("client_id", provider.settings().clientId());
        rest.put("request_uri", uri.get());
        return new At(address(metadata.authorization(), rest));
    }

    private static Optional<String> requestUri(Answered answer) {
        if (answer.status() != CREATED || !answer.isJson()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(JSONObjectUtils.getString(JSONObjectUtils.parse(answer.body()), "request_uri"))
                    .filter(uri -> !uri.isBlank() && uri.length() <= LONGEST_URI);
        } catch (ParseException | RuntimeException malformed) {
            return Optional.empty();
        }
    }

    /**
     * What an attempt to sign in asks for.
     *
     * @param redirectUri where the answer goes
     * @param codeChallenge of the verifier, by S256
     * @param prompt whether the user must be asked or must not be (Core section 3.1.2.1)
     * @param loginHint the user's name at the provider, as far as it is known
     * @param maxAge how long ago the user may have signed in there; to be checked in the ID token
     * @param acrValues by which ways the user may have signed in; to be checked in the ID token
     */
    public record Parameters(
            URI redirectUri,
            String state,
            String nonce,
            String codeChallenge,
            Optional<String> prompt,
            Optional<String> loginHint,
            Optional<Duration> maxAge,
            List<String> acrValues) {

        /** Hides state and nonce, by which others could take part in the attempt. */
        @Override
        public String toString() {
            return "Parameters[prompt=%s, maxAge=%s, acrValues=%s]".formatted(prompt, maxAge, acrValues);
        }
    }

    /** Where to send the browser. */
    public sealed interface Address {

        default <R> R fold(Function<At, R> at, Function<Away, R> away) {
            return this instanceof At here ? at.apply(here) : away.apply((Away) this);
        }
    }

    /** An address of the provider. */
    public record At(URI uri) implements Address {

        /** Hides state and nonce. */
        @Override
        public String toString() {
            return "At[" + uri.getHost() + "]";
        }
    }

    /**
     * Nowhere: the provider cannot be asked now (503).
     *
     * @param why a word for logs
     */
    public record Away(String why) implements Address {}
}
