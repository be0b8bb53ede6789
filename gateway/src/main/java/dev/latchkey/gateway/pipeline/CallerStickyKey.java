package dev.latchkey.gateway.pipeline;

import dev.latchkey.gateway.http.RequestHead;
import dev.latchkey.gateway.pipeline.client.ClientAddress;
import dev.latchkey.gateway.pipeline.extraction.PresentedTokens;
import dev.latchkey.gateway.pipeline.extraction.TokenExtractor;
import dev.latchkey.gateway.pipeline.matching.StickyKey;
import dev.latchkey.gateway.token.AccessToken;
import dev.latchkey.gateway.token.RefreshToken;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Distinguishes clients by the user whom their token names, verified or not, so that a user stays in the same part on
 * all devices and across rotations; without a token by their address.
 */
@Component
final class CallerStickyKey implements StickyKey {

    private static final Pattern SUBJECT = Pattern.compile("\"sub\"\\s{0,8}:\\s{0,8}\"([^\"]{1,255})\"");
    private static final int MAX_LENGTH = 8192;

    private final TokenExtractor extractor;
    private final ClientAddress addresses;

    CallerStickyKey(TokenExtractor extractor, ClientAddress addresses) {
        this.extractor = extractor;
        this.addresses = addresses;
    }

    @Override
    public String of(RequestHead request) {
        return extractor
                .extract(request)
                .<Optional<String>>fold(CallerStickyKey::subject, ambiguous -> Optional.empty())
                .orElseGet(() -> addresses.of(request));
    }

    private static Optional<String> subject(PresentedTokens presented) {
        Stream<String> access = presented.access().map(AccessToken::value).stream();
        Stream<String> refreshes = presented.refreshes().stream().map(RefreshToken::value);
        return Stream.concat(access, refreshes)
                .flatMap(token -> claims(token).stream())
                .map(SUBJECT::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .findFirst();
    }

    private static Optional<String> claims(String token) {
        String[] parts = token.length() > MAX_LENGTH ? new String[0] : token.split("\\.", 4);
        if (parts.length < 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
