package dev.latchkey.gateway.signin.provider;

import dev.latchkey.gateway.problem.RequestBody;
import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.Expected;
import dev.latchkey.gateway.provider.Provider;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.token.ProviderName;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads a token request of a native app; what is wrong is said before anything is sent to the provider. */
sealed interface NativeTokenRequest {

    default <R> R fold(Function<CodeGrant, R> good, Function<Bad, R> bad) {
        return this instanceof Good request ? good.apply(request.grant) : bad.apply((Bad) this);
    }

    /** It can be sent. */
    record Good(CodeGrant grant) implements NativeTokenRequest {}

    /**
     * It cannot (RFC 6749 section 5.2).
     *
     * @param description without anything that came with the request
     */
    record Bad(String code, String description) implements NativeTokenRequest {}

    static NativeTokenRequest read(RequestBody body, Providers providers) {
        return fault(body).<NativeTokenRequest>map(bad -> bad).orElseGet(() -> ofProvider(body, providers));
    }

    private static Optional<Bad> fault(RequestBody body) {
        String grantType = body.field("grant_type").orElse("");
        if (!grantType.isEmpty() && !grantType.equals("authorization_code")) {
            return Optional.of(new Bad("unsupported_grant_type", "grant_type must be authorization_code"));
        }
        return Stream.of("username", "password")
                .filter(name -> body.field(name).isPresent())
                .findFirst()
                .map(name -> invalid(name + " does not go with a grant_type: send a password without one"))
                .or(() -> Parameter.ALL.stream()
                        .flatMap(parameter -> parameter.fault(body).stream())
                        .findFirst());
    }

    private static NativeTokenRequest ofProvider(RequestBody body, Providers providers) {
        Optional<Provider> provider = body.field("provider")
                .filter(ProviderName::isWellFormed)
                .flatMap(name -> providers.find(new ProviderName(name)))
                .filter(Provider::hasNativeClient);
        String redirect = body.field("redirect_uri").orElseThrow();
        if (provider.isEmpty()) {
            return invalid("provider is none that has a native-client-id");
        }
        if (!provider.get().takesNativeRedirect(redirect)) {
            return invalid("redirect_uri is not among the provider's native-redirect-uris");
        }
        return new Good(new CodeGrant(
                provider.get(),
                body.field("code").orElseThrow(),
                body.field("code_verifier").orElseThrow(),
                URI.create(redirect),
                Expected.ofAttempt(ClientType.PUBLIC, body.field("nonce").orElseThrow())));
    }

    private static Bad invalid(String description) {
        return new Bad("invalid_request", description);
    }

    /**
     * One that must be there.
     *
     * @param form how its value looks
     * @param words the same in words
     */
    record Parameter(String name, Pattern form, String words) {

        private static final List<Parameter> ALL = List.of(
                new Parameter("grant_type", Pattern.compile("authorization_code"), "authorization_code"),
                new Parameter("provider", Pattern.compile("[!-~]{1,30}"), "the name of a provider"),
                new Parameter("redirect_uri", Pattern.compile("[!-~]{1,2048}"), "the URI to which the code was sent"),
                new Parameter("code", Pattern.compile("[ -~]{1,4096}"), "1 to 4096 printable ASCII characters"),
                new Parameter(
                        "code_verifier",
                        Pattern.compile("[A-Za-z0-9._~-]{43,128}"),
                        "43 to 128 letters, digits, '-', '.', '_' or '~' (RFC 7636 section 4.1)"),
                new Parameter("nonce", Pattern.compile("[ -~]{1,255}"), "1 to 255 printable ASCII characters"));

        private Optional<Bad> fault(RequestBody body) {
            Optional<String> value = body.field(name);
            if (value.isEmpty() || value.get().isEmpty()) {
                return Optional.of(invalid(name + " is missing"));
            }
            return form.matcher(value.get()).matches()
                    ? Optional.empty()
                    : Optional.of(invalid(name + " must be " + words));
        }
    }
}
