package dev.latchkey.gateway.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.latchkey.gateway.token.ProviderName;
import dev.latchkey.gateway.token.Roles;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code claims} of a session's record, as JSON so that more can be added while older records live.
 *
 * @param stamp of the user's credentials at sign-in
 * @param provider what an OpenID Provider last said of the user; a session without one takes no more room for it
 */
public record StoredClaims(String stamp, Optional<ProviderClaims> provider) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Both are prepared here: the mapper would do that under a lock, on the event loop that first uses it. */
    private static final ObjectReader READER = JSON.readerFor(Form.class);

    private static final ObjectWriter WRITER = JSON.writerFor(Form.class);

    /** As it stands in the record. */
    public String json() {
        return WRITER.writeValueAsString(
                new Form(stamp, provider.map(OfProvider::of).orElse(null)));
    }

    /** Empty if it cannot be read; what a later version added is ignored. */
    public static Optional<StoredClaims> parse(String json) {
        try {
            Form form = READER.readValue(json);
            return Optional.ofNullable(form)
                    .map(read -> new StoredClaims(
                            read.stamp, Optional.ofNullable(read.provider).map(OfProvider::claims)));
        } catch (JacksonException broken) {
            return Optional.empty();
        }
    }

    /** Hides the stamp. */
    @Override
    public String toString() {
        return "StoredClaims[" + provider + "]";
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Form(String stamp, @Nullable OfProvider provider) {

        Form {
            Objects.requireNonNull(stamp, "claims without a stamp");
        }
    }

    /**
     * What cannot be made of it fails here, where the library takes it for a fault of the text.
     *
     * @param authTime in seconds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record OfProvider(
            String id,
            @Nullable List<String> roles,
            @Nullable String name,
            @Nullable String email,
            @Nullable Long authTime,
            @Nullable String acr) {

        OfProvider {
            if (!ProviderName.isWellFormed(Objects.requireNonNull(id, "claims of no provider"))) {
                throw new IllegalArgumentException("claims of no provider");
            }
            roles = roles == null ? null : List.copyOf(roles);
            if (authTime != null) {
                var unused = Instant.ofEpochSecond(authTime);
            }
        }

        static OfProvider of(ProviderClaims claims) {
            return new OfProvider(
                    claims.provider().value(),
                    claims.roles().isEmpty() ? null : claims.roles().names(),
                    claims.name().orElse(null),
                    claims.email().orElse(null),
                    claims.authTime().map(Instant::getEpochSecond).orElse(null),
                    claims.acr().orElse(null));
        }

        ProviderClaims claims() {
            return new ProviderClaims(
                    new ProviderName(id),
                    roles == null ? Roles.NONE : Roles.of(roles),
                    Optional.ofNullable(name),
                    Optional.ofNullable(email),
                    Optional.ofNullable(authTime).map(Instant::ofEpochSecond),
                    Optional.ofNullable(acr));
        }
    }
}
