package dev.latchkey.gateway.testing;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An operator who looks at the management port: health and meters. */
public final class Operator {

    private final Browser browser;

    public Operator(String url) {
        browser = new Browser(url);
    }

    public HttpResponse<String> health() {
        return browser.get("/actuator/health");
    }

    public HttpResponse<String> readiness() {
        return browser.get("/actuator/health/readiness");
    }

    /** All meters as Prometheus reads them. */
    public String meters() {
        return browser.get("/actuator/prometheus").body();
    }

    /** One of them, written with its tags as there; 0 where it is not. */
    public double meter(String name) {
        Matcher line = Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(meters());
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }
}
