package dev.latchkey.gateway.testing;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** axe-core, which knows the rules of WCAG 2. It runs beside a page, whose own policy lets no script in. */
public final class Axe {

    private static final String SCRIPT = script();

    private Axe() {}

    private static String script() {
        try (InputStream script = Axe.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What it finds wrong. */
    public static List<?> violations(Page page) {
        page.evaluate(SCRIPT);
        return (List<?>) page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(found =>"
                + " found.violations.map(one => one.id + ': ' + one.nodes.map(node => node.html).join(' | ')))");
    }
}
