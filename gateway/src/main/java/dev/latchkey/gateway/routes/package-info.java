/** The operations team's file: read, checked, and turned into the gateway's route table. */
@NullMarked
package dev.latchkey.gateway.routes;

import org.jspecify.annotations.NullMarked;
