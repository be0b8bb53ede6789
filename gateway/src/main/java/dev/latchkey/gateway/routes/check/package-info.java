/** Whether routes fit each other and the world around them: unreachable ones, warnings. */
@NullMarked
package dev.latchkey.gateway.routes.check;

import org.jspecify.annotations.NullMarked;
