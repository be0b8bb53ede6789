/** The names of the gateway's cookies, and what fits into one. */
@NullMarked
package dev.latchkey.gateway.token.cookie;

import org.jspecify.annotations.NullMarked;
