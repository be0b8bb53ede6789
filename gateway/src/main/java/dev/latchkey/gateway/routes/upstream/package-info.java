/** How a request of one route is brought to a backend: which one, for how long, and how often it is tried. */
@NullMarked
package dev.latchkey.gateway.routes.upstream;

import org.jspecify.annotations.NullMarked;
