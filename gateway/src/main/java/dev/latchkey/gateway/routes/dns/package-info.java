/** Looks the addresses of backends up again and again, for routes whose backends are the addresses of a name. */
@NullMarked
package dev.latchkey.gateway.routes.dns;

import org.jspecify.annotations.NullMarked;
