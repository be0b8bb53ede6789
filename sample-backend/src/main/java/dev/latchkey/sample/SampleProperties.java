package dev.latchkey.sample;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Which backend this process plays.
 *
 * @param name the name it answers with, and the audience that its tokens must be made for
 */
@ConfigurationProperties("sample")
record SampleProperties(String name) {

    SampleProperties {
        if (name == null || !name.matches("[a-z][a-z0-9-]{0,31}")) {
            throw new IllegalArgumentException("sample.name must be a short lower-case word, such as orders");
        }
    }
}
