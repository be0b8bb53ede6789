/** What a route compares requests with: patterns of paths and hosts, expressions, conditions on values. */
@NullMarked
package dev.latchkey.gateway.routes.definition.pattern;

import org.jspecify.annotations.NullMarked;
