package dev.latchkey.gateway.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;

/**
 * A page with places for values. It fills in one pass, so that a value that looks like a place stays a value.
 *
 * @param text HTML with <code>{{places}}</code>
 */
public record Template(String text) {

    private static final Pattern PLACE = Pattern.compile("\\{\\{([a-z-]+)}}");

    /**
     * Reads one, so at the start and never on an event loop.
     *
     * @param name the room's and the file's, such as {@code signin/sign-in.html}
     */
    public static Template of(String name) {
        ClassPathResource resource = new ClassPathResource("dev/latchkey/gateway/" + name);
        try {
            return new Template(resource.getContentAsString(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Fills in values that are HTML already. */
    public String fill(Map<String, String> html) {
        Matcher places = PLACE.matcher(text);
        return places.replaceAll(place -> Matcher.quoteReplacement(html.getOrDefault(place.group(1), "")));
    }
}
