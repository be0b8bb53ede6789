package dev.latchkey.gateway.signin.provider;

import java.util.List;
import java.util.Optional;
import org.springframework.util.MultiValueMap;

/**
 * What a provider sends back by way of the browser (RFC 6749 section 4.1.2, RFC 9207).
 *
 * @param code the authorization code
 * @param error why there is none
 * @param issuer which provider says so
 */
record CallbackParameters(String state, Optional<String> code, Optional<String> error, Optional<String> issuer) {

    static final List<String> NAMES = List.of("state", "code", "error", "iss");

    /** Empty without a state, and if one of them is there more than once: nobody can say which counts. */
    static Optional<CallbackParameters> of(MultiValueMap<String, String> query) {
        boolean isRepeated = NAMES.stream()
                .anyMatch(name -> query.getOrDefault(name, List.of()).size() > 1);
        return isRepeated
                ? Optional.empty()
                : first(query, "state")
                        .map(state -> new CallbackParameters(
                                state, first(query, "code"), first(query, "error"), first(query, "iss")));
    }

    private static Optional<String> first(MultiValueMap<String, String> query, String name) {
        return Optional.ofNullable(query.getFirst(name)).filter(value -> !value.isEmpty());
    }

    /** Hides the code and the state. */
    @Override
    public String toString() {
        return "CallbackParameters[error=" + error.isPresent() + "]";
    }
}
