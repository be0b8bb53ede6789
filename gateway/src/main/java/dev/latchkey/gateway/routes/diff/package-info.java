/** What a change of the routes means for requests. */
@NullMarked
package dev.latchkey.gateway.routes.diff;

import org.jspecify.annotations.NullMarked;
