package dev.latchkey.gateway.upstream;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.gateway.provider.ClientType;
import dev.latchkey.gateway.provider.ProviderUser;
import dev.latchkey.gateway.provider.UpstreamTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is sealed of a session's provider: its tokens, and whose they are, against which each later ID token is
 * compared.
 *
 * @param sub the user's {@code sub} at the provider
 * @param sid the session there
 * @param localName their name in the users directory, where the configuration joins the two
 * @param authTime when they signed in there, which no refresh changes (OpenID Connect Core 1.0, section 12.2)
 */
record HeldTokens(
        String sub,
        Optional<String> sid,
        Optional<String> localName,
        Optional<Instant> authTime,
        UpstreamTokens tokens) {

    private static final String PUBLIC = "public";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectReader READER = JSON.readerFor(Form.class);
    private static final ObjectWriter WRITER = JSON.writerFor(Form.class);

    static HeldTokens of(ProviderUser user, UpstreamTokens tokens) {
        return new HeldTokens(user.sub(), user.sid(), user.localName(), user.authTime(), tokens);
    }

    /** With those of a refresh; what it did not bring stays. */
    HeldTokens refreshed(UpstreamTokens answered) {
        UpstreamTokens merged = new UpstreamTokens(
                tokens.client(),
                answered.refresh().or(tokens::refresh),
                answered.access(),
                answered.idToken().or(tokens::idToken),
                answered.scope().isEmpty() ? tokens.scope() : answered.scope(),
                answered.dpopKey().or(tokens::dpopKey));
        return new HeldTokens(sub, sid, localName, authTime, merged);
    }

    byte[] bytes() {
        return WRITER.writeValueAsBytes(new Form(
                sub,
                sid.orElse(null),
                localName.orElse(null),
                authTime.map(Instant::getEpochSecond).orElse(null),
                tokens.client() == ClientType.PUBLIC ? PUBLIC : null,
                tokens.refresh().orElse(null),
                tokens.access().orElse(null),
                tokens.idToken().orElse(null),
                tokens.scope(),
                tokens.dpopKey().orElse(null)));
    }

    /** Empty if it cannot be read; what a later version added is ignored. */
    static Optional<HeldTokens> parse(byte[] bytes) {
        try {
            Form form = READER.readValue(new String(bytes, StandardCharsets.UTF_8));
            return Optional.ofNullable(form).map(Form::held);
        } catch (JacksonException broken) {
            return Optional.empty();
        }
    }

    /** Shows nothing of whose they are. */
    @Override
    public String toString() {
        return "HeldTokens[" + tokens + "]";
    }

    /**
     * @param authTime in seconds
     * @param client {@code public} for the client of native apps; else it is not there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Form(
            String sub,
            @Nullable String sid,
            @Nullable String localName,
            @Nullable Long authTime,
            @Nullable String client,
            @Nullable String refresh,
            @Nullable String access,
            @Nullable String idToken,
            @Nullable String scope,
            @Nullable String dpopKey) {

        Form {
            Objects.requireNonNull(sub, "tokens of nobody");
        }

        private HeldTokens held() {
            return new HeldTokens(
                    sub,
                    Optional.ofNullable(sid),
                    Optional.ofNullable(localName),
                    Optional.ofNullable(authTime).map(Instant::ofEpochSecond),
                    new UpstreamTokens(
                            PUBLIC.equals(client) ? ClientType.PUBLIC : ClientType.CONFIDENTIAL,
                            Optional.ofNullable(refresh),
                            Optional.ofNullable(access),
                            Optional.ofNullable(idToken),
                            scope == null ? "" : scope,
                            Optional.ofNullable(dpopKey)));
        }

        @Override
        public String toString() {
            return "Form[hidden]";
        }
    }
}
