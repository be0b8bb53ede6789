/** What settings of providers mean by themselves: presets, and paths of claims. */
@NullMarked
package dev.latchkey.gateway.provider.setting;

import org.jspecify.annotations.NullMarked;
