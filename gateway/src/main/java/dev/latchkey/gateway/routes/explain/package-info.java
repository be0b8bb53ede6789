/** Explains what happens to a request, without sending it. */
@NullMarked
package dev.latchkey.gateway.routes.explain;

import org.jspecify.annotations.NullMarked;
