/** What a route does with a request that it takes: rewrite it for the backend, or answer it itself. */
@NullMarked
package dev.latchkey.gateway.routes.definition.action;

import org.jspecify.annotations.NullMarked;
