/** Where browsers bind their sessions to a device and renew them (W3C Device Bound Session Credentials). */
@NullMarked
package dev.latchkey.gateway.signin.device;

import org.jspecify.annotations.NullMarked;
