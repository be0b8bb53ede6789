/** What a route says, as values; knows neither files nor the framework. */
@NullMarked
package dev.latchkey.gateway.routes.definition;

import org.jspecify.annotations.NullMarked;
