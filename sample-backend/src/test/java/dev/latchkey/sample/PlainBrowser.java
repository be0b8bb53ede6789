package dev.latchkey.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a browser without script does: it keeps cookies, follows redirects and sends the form of a page. */
final class PlainBrowser {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern HIDDEN =
            Pattern.compile("<input name=\"([^\"]+)\" type=\"hidden\" value=\"([^\"]*)\">");

    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(Redirect.NORMAL)
            .build();
    private final List<String> texts = new ArrayList<>();

    /** Goes where a person is asked for name and password, and enters them there. */
    HttpResponse<String> signIn(String address, String name, String password) throws IOException, InterruptedException {
        HttpResponse<String> page = get(address);
        assertThat(page.body()).contains("name=\"password\"");
        Matcher hidden = HIDDEN.matcher(page.body());
        assertThat(hidden.find()).as("a hidden field in %s", page.uri()).isTrue();
        String form = form(Map.of("username", name, "password", password, hidden.group(1), hidden.group(2)));
        return send(request(page.uri())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** As a person who follows a link. */
    HttpResponse<String> get(String address) throws IOException, InterruptedException {
        return send(request(URI.create(address)));
    }

    /** As a script of the page does. */
    HttpResponse<String> post(String address) throws IOException, InterruptedException {
        URI uri = URI.create(address);
        return send(HttpRequest.newBuilder(uri)
                .timeout(LIMIT)
                .header("Accept", "application/json")
                .header("Origin", uri.getScheme() + "://" + uri.getAuthority())
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.noBody()));
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(LIMIT).header("Accept", "text/html, */*;q=0.8");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        texts.add(answer.body());
        return answer;
    }

    /** The bodies that came back. */
    List<String> texts() {
        return texts;
    }
}
