package dev.latchkey.gateway.management;

import dev.latchkey.gateway.admin.AdminSetting;
import dev.latchkey.gateway.denylist.DenylistKeys;
import dev.latchkey.gateway.device.DeviceBindingProperties;
import dev.latchkey.gateway.keys.IdentityAlgorithm;
import dev.latchkey.gateway.keys.KeyFolder;
import dev.latchkey.gateway.provider.Providers;
import dev.latchkey.gateway.redis.check.RedisCheck;
import dev.latchkey.gateway.reload.FileReport;
import dev.latchkey.gateway.routes.check.AllowedUpstreams;
import dev.latchkey.gateway.routes.check.ValidationContext;
import dev.latchkey.gateway.routes.definition.RoutesFile;
import dev.latchkey.gateway.routes.explain.AskedRequest;
import dev.latchkey.gateway.routes.explain.RouteExplanation;
import dev.latchkey.gateway.routes.parse.RoutesReader;
import dev.latchkey.gateway.startup.PropertyGroup;
import dev.latchkey.gateway.startup.StartupException;
import dev.latchkey.gateway.token.EndpointPaths;
import dev.latchkey.gateway.token.EndpointPaths.Endpoint;
import dev.latchkey.gateway.token.Issuer;
import dev.latchkey.gateway.token.Issuer.Discovery;
import dev.latchkey.gateway.token.cookie.CookieNames;
import dev.latchkey.gateway.token.dpop.DpopProperties;
import dev.latchkey.gateway.user.UsersFile;
import dev.latchkey.gateway.user.UsersSetting;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.config.ConfigDataNotFoundException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code java -jar gateway.jar check}: whether a gateway would start and work with these properties. */
@Command(
        name = "check",
        customSynopsis = GatewayCommand.JAR + " check [--PROPERTY=VALUE ...]",
        description = {
            "Checks the properties, the users, the keys, the routes and Redis, and serves nothing.",
            "Exit code: 0 nothing is wrong, 1 something is, 2 called wrongly."
        })
final class CheckCommand implements Callable<Integer> {

    private final PrintStream out;
    private boolean good = true;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Unmatched
    private List<String> properties = new ArrayList<>();

    CheckCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (properties.stream().anyMatch(property -> !property.matches("--[^=]+(=.*)?"))) {
            throw new ParameterException(spec.commandLine(), "only properties may follow, like --server.port=8080");
        }
        try (ConfigurableApplicationContext context = environment()) {
            check(context.getEnvironment());
        }
        return good ? 0 : 1;
    }

    /**
     * Reads the properties from where the gateway would, and starts nothing.
     *
     * @throws StartupException if a place that was named is not there, or a file is malformed
     */
    private ConfigurableApplicationContext environment() {
        SpringApplication application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setInitializers(List.of());
        application.addListeners(new WithoutLogFile());
        application.setRegisterShutdownHook(false);
        application.setLogStartupInfo(false);
        application.setDefaultProperties(Map.of("logging.level.root", "off"));
        try {
            return application.run(properties.toArray(String[]::new));
        } catch (ConfigDataNotFoundException missing) {
            throw new StartupException(String.valueOf(missing.getMessage()));
        } catch (MarkedYAMLException malformed) {
            throw new StartupException(MalformedPropertiesAnalyzer.sentence(malformed));
        }
    }

    private void check(ConfigurableEnvironment environment) {
        List<String> wrong = PropertiesCheck.faults(environment);
        Binder binder = Binder.get(environment);
        EndpointPaths paths = paths(binder);
        report("properties", wrong.isEmpty() ? "nothing is missing or wrong" : "", wrong);
        moved(paths).forEach(address -> out.println(line("paths", address)));
        Discovery discovery = discovery(binder);
        text(binder, "latchkey.users.file")
                .ifPresent(path -> report("users", path, users(binder, path), "users may sign in"));
        report("providers", "", Providers.faults(environment));
        text(binder, "latchkey.keys.directory")
                .ifPresent(directory -> report("keys", directory, keys(binder, directory), "key sets"));
        AdminSetting.file(environment)
                .ifPresent(path -> report("operators", path, AdminSetting.check(path), "tokens count"));
        text(binder, "latchkey.routes.file")
                .ifPresent(path -> report("routes", path, routes(environment, path, paths, discovery), "routes"));
        if (PropertiesCheck.namesRedis(environment)) {
            RedisCheck.Report redis = RedisCheck.run(environment, DenylistKeys.CHANNELS);
            redis.warnings().forEach(warning -> out.println(line("redis", "warning: " + warning)));
            report("redis", redis.summary(), redis.errors());
        }
    }

    /** Where backends find the metadata of the issuer, or why they find none; a missing issuer is reported as such. */
    private Discovery discovery(Binder binder) {
        Optional<String> issuer = text(binder, "latchkey.issuer");
        Discovery paths = issuer.map(Issuer::new).map(Discovery::of).orElse(Discovery.NONE);
        issuer.ifPresent(known -> out.println(line(
                "discovery",
                paths.metadata().isEmpty()
                        ? "none, because " + Discovery.WHY_NONE + ": backends need the address of the keys"
                        : known.replaceFirst("/$", "") + "/.well-known/openid-configuration")));
        return paths;
    }

    /** Where they are by default if the property cannot be used. */
    private static EndpointPaths paths(Binder binder) {
        return bound(binder, "latchkey.paths", EndpointPaths.class).orElse(EndpointPaths.DEFAULT);
    }

    /** Nothing if it cannot be used, which is reported as such. */
    private static <T> Optional<T> bound(Binder binder, String name, Class<T> type) {
        try {
            return Optional.of(binder.bindOrCreate(name, type));
        } catch (BindException reported) {
            return Optional.empty();
        }
    }

    /** The value of a property; nothing if it is absent, or cannot be used, which is reported as such. */
    private static <T> Optional<T> value(Binder binder, String name, Bindable<T> type) {
        try {
            return Optional.ofNullable(binder.bind(name, type).orElse(null));
        } catch (BindException reported) {
            return Optional.empty();
        }
    }

    /** Every address that is not where it is by default: its users must be told. */
    private static List<String> moved(EndpointPaths paths) {
        return paths.equals(EndpointPaths.DEFAULT)
                ? List.of()
                : Stream.of(Endpoint.values())
                        .map(endpoint -> EndpointPaths.DEFAULT.of(endpoint) + " -> " + paths.of(endpoint))
                        .toList();
    }

    private static FileReport users(Binder binder, String file) {
        Issuer issuer = new Issuer(text(binder, "latchkey.issuer").orElse("unknown"));
        CookieNames names =
                new CookieNames(text(binder, "latchkey.cookies.prefix").orElse("__Host-latchkey-"));
        return UsersFile.check(file, issuer, names);
    }

    private static FileReport keys(Binder binder, String folder) {
        Optional<IdentityAlgorithm> algorithm =
                value(binder, "latchkey.keys.identity-algorithm", Bindable.of(IdentityAlgorithm.class));
        return KeyFolder.check(Path.of(folder), algorithm);
    }

    private FileReport routes(Environment environment, String file, EndpointPaths paths, Discovery discovery) {
        Binder binder = Binder.get(environment);
        Optional<Set<String>> roles = UsersSetting.hasProviders(environment)
                ? Optional.empty()
                : text(binder, "latchkey.users.file").flatMap(CheckCommand::roles);
        ValidationContext context = new ValidationContext(
                upstreams(binder),
                () -> roles,
                Optional.of(PropertyGroup.of(environment, "latchkey.providers").keySet()),
                Optional.of(bundles(binder)),
                bound(binder, "latchkey", DeviceBindingProperties.class).map(DeviceBindingProperties::isOffered),
                bound(binder, "latchkey.dpop", DpopProperties.class).map(DpopProperties::enabled),
                paths);
        return RoutesReader.read(file, context)
                .fold(
                        routes -> {
                            overruled(routes, paths, discovery);
                            return new FileReport(routes.routes().size(), List.of(), routes.warnings());
                        },
                        FileReport::refused);
    }

    /** Anywhere if they cannot be used, which is reported as such. */
    private static AllowedUpstreams upstreams(Binder binder) {
        try {
            return AllowedUpstreams.of(value(binder, "latchkey.routes.allowed-upstreams", Bindable.listOf(String.class))
                    .orElse(List.of()));
        } catch (IllegalArgumentException reported) {
            return AllowedUpstreams.ANY;
        }
    }

    /** Which routes would get what the gateway answers itself. */
    private void overruled(RoutesFile routes, EndpointPaths paths, Discovery discovery) {
        discovery.all().stream()
                .sorted()
                .map(path -> AskedRequest.parse("GET", path, new HttpHeaders()))
                .forEach(asked -> RouteExplanation.of(routes, paths, asked)
                        .routes()
                        .forEach(route -> out.println(line(
                                "discovery",
                                asked.path() + " is answered by the gateway, not by route '" + route.route() + "'"))));
    }

    /** The names of all bundles. */
    private List<String> bundles(Binder binder) {
        return SslBundleNames.KINDS.stream()
                .flatMap(kind -> bundles(binder, kind))
                .toList();
    }

    private Stream<String> bundles(Binder binder, String kind) {
        try {
            return SslBundleNames.defined(binder, kind).stream();
        } catch (BindException wrong) {
            report("properties", "", List.of(SslBundleNames.BUNDLES + kind + " cannot be used"));
            return Stream.empty();
        }
    }

    private static Optional<Set<String>> roles(String users) {
        try {
            return Optional.of(UsersFile.roles(users));
        } catch (IllegalArgumentException reported) {
            return Optional.empty();
        }
    }

    /** The text of a property; empty where it is blank. */
    static Optional<String> text(Binder binder, String property) {
        return Optional.ofNullable(binder.bind(property, String.class).orElse(null))
                .filter(text -> !text.isBlank());
    }

    private void report(String what, String place, FileReport report, String entries) {
        report.warnings().forEach(warning -> out.println(line(what, "warning: " + warning)));
        report(
                what,
                report.errors().isEmpty() ? place + ": " + report.count() + " " + entries : "",
                report.errors().stream().map(Object::toString).toList());
    }

    private void report(String what, String summary, List<String> errors) {
        good &= errors.isEmpty();
        errors.forEach(error -> out.println(line(what, "wrong: " + error)));
        if (!summary.isEmpty()) {
            out.println(line(what, summary));
        }
    }

    private static String line(String what, String said) {
        return String.format("%-11s %s", what, said);
    }

    /** No bean at all. */
    @Configuration(proxyBeanMethods = false)
    static class Nothing {}
}
