package dev.latchkey.gateway.signin;

import java.util.List;

/** Endpoints of another package under the gateway's own prefix. */
public interface AuthEndpoints {

    List<AuthEndpoint> all();
}
