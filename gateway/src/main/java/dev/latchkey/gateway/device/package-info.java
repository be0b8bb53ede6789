/** What binds a session to a browser's device: the challenges that it signs, and the headers in which they travel. */
@NullMarked
package dev.latchkey.gateway.device;

import org.jspecify.annotations.NullMarked;
