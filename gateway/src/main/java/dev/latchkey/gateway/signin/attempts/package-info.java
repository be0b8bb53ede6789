/** How often passwords may be tried, by name, address and network. */
@NullMarked
package dev.latchkey.gateway.signin.attempts;

import org.jspecify.annotations.NullMarked;
