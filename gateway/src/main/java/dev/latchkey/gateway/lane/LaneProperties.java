package dev.latchkey.gateway.lane;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The short way of requests that need no waiting.
 *
 * @param enabled Whether requests that this node can decide by itself are forwarded before the filter chain; what
 *     clients and backends see is the same
 */
@ConfigurationProperties("latchkey.lane")
record LaneProperties(@DefaultValue("true") boolean enabled) {}
