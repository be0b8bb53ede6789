package dev.latchkey.gateway.story;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whoever looks at the management port: health and meters. */
final class Operator {

    private final Browser browser;

    Operator(String url) {
        browser = new Browser(url);
    }

    HttpResponse<String> health() {
        return browser.get("/actuator/health");
    }

    HttpResponse<String> readiness() {
        return browser.get("/actuator/health/readiness");
    }

    /** All meters as Prometheus reads them. */
    String meters() {
        return browser.get("/actuator/prometheus").body();
    }

    /** One of them, written with its tags as there; 0 where it is not. */
    double meter(String name) {
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(meters());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
