/** Messages as Spring's web framework carries them. */
@NullMarked
package dev.latchkey.gateway.http.spring;

import org.jspecify.annotations.NullMarked;
