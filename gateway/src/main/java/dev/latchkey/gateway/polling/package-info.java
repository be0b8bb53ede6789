/** Looking at what changes outside, again and again, where looking blocks. */
@NullMarked
package dev.latchkey.gateway.polling;

import org.jspecify.annotations.NullMarked;
