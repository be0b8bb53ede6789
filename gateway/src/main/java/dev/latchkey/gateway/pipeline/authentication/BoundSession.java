package dev.latchkey.gateway.pipeline.authentication;

import dev.latchkey.gateway.token.Generation;
import dev.latchkey.gateway.token.SessionId;

/**
 * A session that is bound to a device, which a request wanted to go on with and did not prove.
 *
 * @param current the generation whose challenge the device has to sign
 * @param keepsAccessCookie whether the request came with an access cookie whose token has not expired, and was not
 *     accepted: a browser renews only what is missing, and it keeps that for some time
 */
public record BoundSession(SessionId session, Generation current, boolean keepsAccessCookie) {}
