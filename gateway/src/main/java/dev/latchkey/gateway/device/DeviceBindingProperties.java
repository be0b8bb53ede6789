package dev.latchkey.gateway.device;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Device Bound Session Credentials (W3C).
 *
 * @param deviceBinding Whether sessions are bound to the device of their browser, so that a copy of its cookies opens
 *     nothing once its access token has ended: {@code off}; {@code when-offered}, where browsers that can are asked at
 *     each sign-in; or {@code required}, where routes that identify their callers refuse all other sessions. See
 *     [device-binding.md](device-binding.md)
 */
@ConfigurationProperties("latchkey")
public record DeviceBindingProperties(@DefaultValue("off") DeviceBinding deviceBinding) {

    /** Whether browsers are asked to register a key. */
    public boolean isOffered() {
        return deviceBinding != DeviceBinding.OFF;
    }
}
