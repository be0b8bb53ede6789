package dev.latchkey.gateway.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.latchkey.gateway.testing.Axe;
import dev.latchkey.gateway.testing.ChromiumPages;
import dev.latchkey.gateway.testing.Gateway;
import dev.latchkey.gateway.testing.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Forms whose end is at another origin, in Chromium, which holds a policy of {@code form-action} against redirects. */
final class SignInChromiumIT {

    @RegisterExtension
    static final World WORLD = World.shared();

    @RegisterExtension
    static final ChromiumPages CHROMIUM = new ChromiumPages();

    private Gateway node;

    /** Its start page and one behind a sign-in redirect to another origin, which is the other node's. */
    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        Path routes = folder.resolve("routes.yml");
        Files.writeString(routes, """
                version: 1
                routes:
                  - id: export
                    match: { path: /export }
                    redirect: { to: "ELSEWHERE/open/export" }
                    entry: { access: required }
                  - id: root
                    match: { path: / }
                    redirect: { to: "ELSEWHERE/open/root" }
                    entry: { access: public }
                """.replace("ELSEWHERE", WORLD.url()));
        node = WORLD.startNode(Map.of("latchkey.routes.file", routes.toString()));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void signInWhenTheRouteRedirectsElsewhereThenThere() {
        Page page = signedIn(node.url() + "/export");
        page.waitForURL(WORLD.url() + "/open/export");
    }

    @Test
    void signOutWhenTheStartPageRedirectsElsewhereThenThere() {
        Page page = signedIn(node.url() + "/auth/sign-in?return=/auth/sessions");
        page.waitForURL(node.url() + "/auth/sessions");
        assertThat(Axe.violations(page)).isEmpty();
        page.click("text=Sign out here");
        page.waitForURL(WORLD.url() + "/open/root");
    }

    /** A person who has opened this address and signed in by the page that it led to. */
    private static Page signedIn(String address) {
        Page page = CHROMIUM.page();
        page.navigate(address);
        page.fill("#username", "ada");
        page.fill("#password", "ada");
        page.click("button");
        return page;
    }
}
