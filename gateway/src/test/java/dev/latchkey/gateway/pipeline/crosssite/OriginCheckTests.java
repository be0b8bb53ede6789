package dev.latchkey.gateway.pipeline.crosssite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.spring.SpringRequestHead;
import dev.latchkey.gateway.origin.PublicOriginsProperties;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

final class OriginCheckTests {

    private final OriginCheck check = new OriginCheck(
            new PublicOriginsProperties(List.of("HTTPS://Shop.Example:443", "http://localhost:8080")),
            new CrossSiteProperties(List.of("https://app.example")));

    @ParameterizedTest(name = "{0} upgrade {1} from {2}, {3}")
    @CsvFileSource(
            resources = "requests.csv",
            delimiter = '|',
            useHeadersInDisplayName = true,
            nullValues = "-",
            emptyValue = "")
    void allowsWhenOriginAndFetchMetadataThenByTheTable(
            String method, String upgrade, String origin, String site, boolean passes) {
        var request = MockServerHttpRequest.method(HttpMethod.valueOf(method), "/api/orders");
        header(request, "Upgrade", upgrade);
        header(request, "Origin", origin);
        header(request, "Sec-Fetch-Site", site);

        assertThat(check.allows(new SpringRequestHead(request.build()))).isEqualTo(passes);
    }

    private static void header(MockServerHttpRequest.BodyBuilder request, String name, String values) {
        if (values != null) {
            request.header(name, values.split(" \\+ ", -1));
        }
    }
}
