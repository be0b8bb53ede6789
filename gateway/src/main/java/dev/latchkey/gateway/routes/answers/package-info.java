/** What a route adds to answers for browsers. */
@NullMarked
package dev.latchkey.gateway.routes.answers;

import org.jspecify.annotations.NullMarked;
