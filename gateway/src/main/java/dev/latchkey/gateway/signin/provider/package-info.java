/** Sign-in with OpenID Providers: from the authorization request to the session, and the ends that providers report. */
@NullMarked
package dev.latchkey.gateway.signin.provider;

import org.jspecify.annotations.NullMarked;
