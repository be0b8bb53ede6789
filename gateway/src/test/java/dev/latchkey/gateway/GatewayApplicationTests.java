package dev.latchkey.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatewayApplicationTests {

    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    private final String before = System.getProperty(LEAK_DETECTION);

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(LEAK_DETECTION);
        } else {
            System.setProperty(LEAK_DETECTION, before);
        }
    }

    @Test
    void leakDetectionWhenNothingIsSetThenIsOff() {
        System.clearProperty(LEAK_DETECTION);

        GatewayApplication.detectNoLeaks();

        assertThat(System.getProperty(LEAK_DETECTION)).isEqualTo("disabled");
    }

    @Test
    void leakDetectionWhenItIsSetThenStays() {
        System.setProperty(LEAK_DETECTION, "paranoid");

        GatewayApplication.detectNoLeaks();

        assertThat(System.getProperty(LEAK_DETECTION)).isEqualTo("paranoid");
    }
}
