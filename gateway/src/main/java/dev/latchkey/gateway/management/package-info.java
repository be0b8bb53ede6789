/** What operators use: the command line, health, the management port; and the demo. */
@NullMarked
package dev.latchkey.gateway.management;

import org.jspecify.annotations.NullMarked;
