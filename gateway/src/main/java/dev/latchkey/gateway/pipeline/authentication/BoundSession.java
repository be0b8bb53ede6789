package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;

/**
 * A session that is bound to a device, which a request wanted to go on with and did not prove.
 *
 * @param current the generation whose challenge the device has to sign
 * @param hasAccessCookie whether the request came with an access cookie, which was not accepted: a browser renews only
 *     what is missing
 */
public record BoundSession(SessionId session, Generation current, boolean hasAccessCookie) {}
