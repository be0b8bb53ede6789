/** What came of reading a file that may change while the gateway runs, for meters and health. */
@NullMarked
package dev.latchkey.gateway.reload;

import org.jspecify.annotations.NullMarked;
