/** What operators use: command line, health, and the demo's own Redis. */
@NullMarked
package dev.latchkey.gateway.management;

import org.jspecify.annotations.NullMarked;
