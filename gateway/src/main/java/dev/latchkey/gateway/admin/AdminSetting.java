package dev.latchkey.gateway.admin;

import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.startup.PropertyGroup;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether there are endpoints for operators, and whether they can be where they belong. */
public final class AdminSetting {

    private static final String FILE = "latchkey.admin.tokens-file";
    private static final String CERTIFICATES = "latchkey.admin.client-certificates";
    private static final String CLIENT_AUTH = "management.server.ssl.client-auth";

    private AdminSetting() {}

    /** The file of operators' tokens. */
    public static Optional<String> file(Environment environment) {
        return Optional.ofNullable(environment.getProperty(FILE)).filter(file -> !file.isBlank());
    }

    /** What a gateway would make of that file. Blocks. */
    public static FileReport check(String file) {
        return new TokensFile(file).check();
    }

    private static boolean hasCertificates(Environment environment) {
        return !PropertyGroup.of(environment, CERTIFICATES).isEmpty();
    }

    private static boolean isOn(Environment environment) {
        return file(environment).isPresent() || hasCertificates(environment);
    }

    /** A sentence, if the endpoints were configured and could be reached by nobody, or by everybody. */
    public static Optional<String> fault(Environment environment) {
        if (!isOn(environment)) {
            return Optional.empty();
        }
        if (ManagementPortType.get(environment) != ManagementPortType.DIFFERENT) {
            return Optional.of("latchkey.admin needs a management port of its own: set management.server.port to one"
                    + " that is not server.port, so that clients of the gateway cannot reach it");
        }
        String asked = environment.getProperty(CLIENT_AUTH, "none").toLowerCase(Locale.ROOT);
        return hasCertificates(environment) && !asked.equals("need") && !asked.equals("want")
                ? Optional.of(CERTIFICATES + " needs " + CLIENT_AUTH
                        + ": need or want, or no client is asked for a certificate")
                : Optional.empty();
    }

    /** A bean that is there only if operators have tokens. */
    public static final class HasFile implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return file(context.getEnvironment()).isPresent();
        }
    }

    /** A bean that is there only if there are endpoints for operators. */
    public static final class Present implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return isOn(context.getEnvironment());
        }
    }
}
