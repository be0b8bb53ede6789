/** Messages of HTTP as the rules see them, without a library: they decide the same whatever carries the bytes. */
@NullMarked
package dev.latchkey.gateway.http;

import org.jspecify.annotations.NullMarked;
