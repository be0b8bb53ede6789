package dev.latchkey.gateway.pipeline.matching;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.gateway.http.netty.ClientConnection;
import dev.latchkey.gateway.http.netty.NettyRequestHead;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MatchContextTests {

    @ParameterizedTest
    @CsvSource({
        "shop.example, shop.example",
        "SHOP.example:8443, shop.example",
        "shop.example., shop.example",
        "shop.example.:80, shop.example",
        "[::1], [::1]",
        "[::1]:80, [::1]",
        "'', ''",
        ", ''",
    })
    void hostWhenNamedThenAsItIsCompared(String header, String host) {
        HttpRequest request = request("GET");
        if (header != null) {
            request.headers().set("Host", header);
        }

        assertThat(context(request, client -> "").host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource({
        "OPTIONS, https://other.example, DELETE, DELETE",
        "OPTIONS, https://other.example, , OPTIONS",
        "OPTIONS, , DELETE, OPTIONS",
        "GET, https://other.example, DELETE, GET",
        "options, https://other.example, DELETE, options",
        "OPTIONS, null, delete, delete",
    })
    void methodWhenPreflightThenTheOneItAsksAbout(String method, String origin, String asked, String compared) {
        HttpRequest request = request(method);
        if (origin != null) {
            request.headers().set("Origin", origin);
        }
        if (asked != null) {
            request.headers().set("Access-Control-Request-Method", asked);
        }

        assertThat(context(request, client -> "").method()).isEqualTo(compared);
    }

    @Test
    void stickyKeyWhenAskedAgainThenFoundOnceAndOnlyIfAsked() {
        AtomicInteger asked = new AtomicInteger();
        MatchContext context = context(request("GET"), client -> "ada " + asked.incrementAndGet());

        assertThat(context.path().size()).isEqualTo(1);
        assertThat(asked).hasValue(0);
        assertThat(context.stickyKey()).isEqualTo("ada 1");
        assertThat(context.stickyKey()).isEqualTo("ada 1");
    }

    private static HttpRequest request(String method) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), "/a?b");
    }

    private static MatchContext context(HttpRequest request, StickyKey keys) {
        return new MatchContext(
                new NettyRequestHead(request, new ClientConnection(Optional.empty(), false, false)), keys);
    }
}
