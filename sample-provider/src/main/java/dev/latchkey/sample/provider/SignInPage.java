package dev.latchkey.sample.provider;

import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The page on which users of this provider enter their password; works without script. */
@RestController
final class SignInPage {

    static final String PATH = "/login";

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>Sample provider: sign in</title>
              <link rel="icon" href="data:,">
              <link rel="stylesheet" href="/provider.css">
            </head>
            <body>
              <main>
                <p class="brand">Sample provider</p>
                <h1>Sign in</h1>
                <p>You are at the OpenID Provider of the demo. The gateway never sees this password.</p>
                %s
                <form method="post" action="/login">
                  <label>User name <input name="username" autocomplete="username" autofocus required></label>
                  <label>Password
                    <input name="password" type="password" autocomplete="current-password" required></label>
                  <input name="%s" type="hidden" value="%s">
                  <button>Sign in</button>
                </form>
                <p class="hint"><code>ada</code> with password <code>ada</code> is a customer,
                  <code>grace</code> with password <code>grace</code> also an admin.</p>
              </main>
            </body>
            </html>
            """;

    private static final String WRONG = "<p class=\"error\" role=\"alert\">User name or password is wrong.</p>";

    /** @param error present after a wrong password */
    @GetMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    String page(CsrfToken csrf, @RequestParam(required = false) String error) {
        return PAGE.formatted(error == null ? "" : WRONG, csrf.getParameterName(), csrf.getToken());
    }
}
