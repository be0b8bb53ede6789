/** Who sent a request: extraction, verification and rotation in one, for routes and sign-in endpoints alike. */
@NullMarked
package dev.latchkey.gateway.pipeline.authentication;

import org.jspecify.annotations.NullMarked;
