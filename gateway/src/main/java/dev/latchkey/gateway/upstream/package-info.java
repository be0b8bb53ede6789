/**
 * The tokens of OpenID Providers: sealed beside the session, refreshed once for all nodes, and given up when the
 * session or the provider ends.
 */
@NullMarked
package dev.latchkey.gateway.upstream;

import org.jspecify.annotations.NullMarked;
