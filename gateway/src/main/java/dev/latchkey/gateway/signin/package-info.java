/** What the gateway answers itself ({@code /auth}): sign-in, refresh, sign-out, and the sessions of a user. */
@NullMarked
package dev.latchkey.gateway.signin;

import org.jspecify.annotations.NullMarked;
