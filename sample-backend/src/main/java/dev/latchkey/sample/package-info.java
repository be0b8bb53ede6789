/** A backend behind the gateway: verifies the identity token and answers in the ways that backends do. */
@NullMarked
package dev.latchkey.sample;

import org.jspecify.annotations.NullMarked;
