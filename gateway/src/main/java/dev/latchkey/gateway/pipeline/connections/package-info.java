/** Connections that outlive their request, and the sessions they end with. */
@NullMarked
package dev.latchkey.gateway.pipeline.connections;

import org.jspecify.annotations.NullMarked;
