package dev.latchkey.sample.provider;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What this provider knows of the gateway besides its registration as a client.
 *
 * @param gateway where it publishes the keys of its identity tokens
 * @param gatewayIssuer what it calls itself in {@code iss}, to the letter
 * @param calledByGateway what it calls this provider: its name under {@code latchkey.providers}
 */
@ConfigurationProperties("sample")
record SampleProviderProperties(String gateway, String gatewayIssuer, String calledByGateway) {}
