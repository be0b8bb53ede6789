/** Users change their own passwords. */
@NullMarked
package dev.latchkey.gateway.signin.password;

import org.jspecify.annotations.NullMarked;
