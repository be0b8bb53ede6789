package dev.latchkey.gateway.history;

import dev.latchkey.gateway.history.Exchange.Presented;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * A program's: one access token and one refresh token, replaced by whatever an answer brings that is new. A refresh
 * token that comes back as it was sent says that there is no newer one, which may no longer be true when it arrives.
 */
final class TokenHolder implements TokenStore {

    private static final String REFRESH_HEADER = "Latchkey-Refresh-Token";

    /** Whether the refresh token goes with each request; else it is sent to be refreshed only. */
    private final boolean transparent;

    private String access = "";
    private String refresh = "";

    TokenHolder(boolean transparent) {
        this.transparent = transparent;
    }

    @Override
    public HttpRequest.Builder request(String base, Operation operation, String argument) {
        return switch (operation) {
            case SIGN_IN -> Paths.json(base, "/auth/token", Paths.credentials(argument));
            case REFRESH -> Paths.json(base, "/auth/refresh", "{\"refreshToken\":\"" + refresh + "\"}");
            default -> withTokens(Paths.request(base, operation, argument), operation);
        };
    }

    private HttpRequest.Builder withTokens(HttpRequest.Builder request, Operation operation) {
        request.header("Authorization", "Bearer " + access);
        return showsRefresh(operation) ? request.header(REFRESH_HEADER, refresh) : request;
    }

    private boolean showsRefresh(Operation operation) {
        return transparent || operation.ends();
    }

    @Override
    public void take(Exchange exchange, HttpResponse<String> answer) {
        IssuedTokens issued = IssuedTokens.of(answer);
        access = issued.access().orElse(access);
        refresh = issued.refresh()
                .filter(unused -> exchange.reply().refresh().isPresent())
                .orElse(refresh);
        Operation operation = exchange.operation();
        if ((operation == Operation.SIGN_OUT || operation == Operation.SIGN_OUT_EVERYWHERE)
                && answer.statusCode() == 204) {
            access = "";
            refresh = "";
        }
    }

    @Override
    public Presented presented(Operation operation) {
        if (operation == Operation.SIGN_IN) {
            return Presented.NOTHING;
        }
        return new Presented(
                facts(access).filter(unused -> operation != Operation.REFRESH),
                facts(refresh).filter(unused -> operation == Operation.REFRESH || showsRefresh(operation)));
    }

    private static Optional<TokenFacts> facts(String token) {
        return token.isEmpty() ? Optional.empty() : Optional.of(TokenFacts.of(token));
    }

    @Override
    public boolean isSignedIn() {
        return !refresh.isEmpty();
    }

    @Override
    public TokenStore copy() {
        TokenHolder copy = new TokenHolder(transparent);
        copy.access = access;
        copy.refresh = refresh;
        return copy;
    }
}
