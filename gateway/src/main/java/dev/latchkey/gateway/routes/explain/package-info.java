/** What becomes of one request, found out without sending it. */
@NullMarked
package dev.latchkey.gateway.routes.explain;

import org.jspecify.annotations.NullMarked;
