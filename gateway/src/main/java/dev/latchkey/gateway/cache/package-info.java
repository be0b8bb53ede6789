/** What a node remembers so that it need not compute it again, within a bound of memory; and calls that are shared. */
@NullMarked
package dev.latchkey.gateway.cache;

import org.jspecify.annotations.NullMarked;
