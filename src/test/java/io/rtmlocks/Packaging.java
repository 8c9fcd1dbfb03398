// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/** Reads the examples of packaging, and says what in them does not fit the program or each other: one sentence for each. */
final class Packaging {
    /** What the process takes to drain and close at most, in seconds. */
    private static final int STOP_SECONDS = 20;

    private final Path secret;
    private final List<String> findings = new ArrayList<>();

    /** @param secret a file that holds one, and stands for all that the examples name */
    Packaging(Path secret) {
        this.secret = secret;
    }

    List<String> findings() {
        return findings;
    }

    Packaging dockerfile(String text) {
        List<String> lines = text.replace("\\\n", " ").lines().toList();
        Map<String, String> environment = new HashMap<>();
        String base = "";
        for (String line : lines) {
            String rest = line.substring(line.indexOf(' ') + 1).strip();
            if (line.startsWith("FROM ")) {
                base = rest;
            } else if (line.startsWith("ENV ")) {
                Arrays.stream(rest.split(" +(?=[A-Z_]+=)"))
                        .forEach(each -> environment.put(each.split("=", 2)[0], each.split("=", 2)[1]));
            } else if (line.startsWith("COPY ") && !rest.startsWith("--from")) {
                expect(Files.exists(Path.of(rest.split(" ")[0])), "copies what is not there: " + rest);
            }
        }
        expect(base.contains("17-jre"), "the last stage is not a Java 17 runtime: " + base);
        expect(lines.stream().anyMatch(line -> line.matches("USER [1-9][0-9]*")), "it runs as root");
        expect(lines.contains("STOPSIGNAL SIGTERM"), "only SIGTERM drains");
        commands(lines);
        environment.put("RTM_AUTH_MODE", "jwt");
        environment.put("RTM_AUTH_HMAC_SECRET_FILE", "/run/secrets/hmac");
        config(environment)
                .forEach(config -> expect(
                        lines.contains("EXPOSE " + config.http().port()),
                        "the port of the clients, " + config.http().port() + ", is not exposed"));
        return this;
    }

    private void commands(List<String> lines) {
        List<String> start = new ArrayList<>(words(lines, "ENTRYPOINT "));
        start.addAll(words(lines, "CMD "));
        List<String> health = words(lines, "HEALTHCHECK ");
        command(start, "serve");
        command(health, "health");
    }

    /** The words of an instruction in exec form: another form would put a shell between the signal and Java. */
    private List<String> words(List<String> lines, String instruction) {
        String line = lines.stream()
                .filter(each -> each.startsWith(instruction))
                .findFirst()
                .orElse("");
        int start = line.indexOf('[');
        expect(start >= 0, "no " + instruction.strip() + " in exec form");
        return start < 0 ? List.of() : new Yaml().load(line.substring(start));
    }

    private void command(List<String> words, String expected) {
        int jar = words.indexOf("-jar");
        if (jar < 0 || !Path.of(words.get(jar + 1)).getFileName().toString().equals("rtm-locks.jar")) {
            findings.add("no start of rtm-locks.jar: " + words);
            return;
        }
        CommandLine program =
                new CommandLine(expected.equals("serve") ? new ServeCommand(Map.of()) : new HealthCommand(Map.of()));
        List<String> arguments = words.subList(jar + 2, words.size());
        if (arguments.isEmpty() || !arguments.get(0).equals(program.getCommandName())) {
            findings.add("does not " + expected + ": " + words);
            return;
        }
        try {
            program.parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            findings.add("the program does not know " + arguments + ": " + e.getMessage());
        }
    }

    Packaging compose(String text) {
        Tree file = new Tree(new Yaml().load(text));
        List<Config> configs = new ArrayList<>();
        Set<String> published = new HashSet<>();
        for (String name : file.at("services").names()) {
            Tree service = file.at("services", name);
            Map<String, String> environment = service.at("environment").texts();
            for (Config config : config(environment)) {
                configs.add(config);
                String host = service.at("networks", "nodes", "ipv4_address").text();
                expect(host.equals(config.cluster().host()), name + " has the address " + host);
                expect(
                        config.node().name().equals(name),
                        name + " is called " + config.node().name());
                Arrays.stream(service.at("ports").text().split("[\\[\\], ]+"))
                        .filter(port -> !port.isEmpty())
                        .forEach(port -> {
                            expect(port.endsWith(":" + config.http().port()), name + " publishes " + port);
                            expect(published.add(port), "two services publish " + port);
                        });
            }
            environment.values().stream()
                    .filter(value -> value.startsWith("/run/secrets/"))
                    .map(value -> value.substring("/run/secrets/".length()))
                    .forEach(each -> expect(
                            service.at("secrets").text().contains(each)
                                    && file.at("secrets").names().contains(each),
                            name + " is not given the secret " + each));
            seconds(service.at("stop_grace_period").text().replace("s", ""), name);
        }
        cluster(configs);
        return this;
    }

    Packaging kubernetes(String text) {
        Map<String, Tree> all = new HashMap<>();
        for (Object each : new Yaml().loadAll(text)) {
            Tree object = new Tree(each);
            all.put(
                    object.at("kind").text() + " "
                            + object.at("metadata", "name").text(),
                    object);
        }
        Tree set = Objects.requireNonNull(all.get("StatefulSet rtm-locks"));
        Tree pod = set.at("spec", "template", "spec");
        Tree container = pod.at("containers").items().get(0);
        String peers = set.at("spec", "serviceName").text();
        List<Config> configs = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(set.at("spec", "replicas").text()); i++) {
            Map<String, String> environment = new HashMap<>(Objects.requireNonNull(all.get("ConfigMap rtm-locks"))
                    .at("data")
                    .texts());
            for (Tree variable : container.at("env").items()) {
                String field = variable.at("valueFrom", "fieldRef", "fieldPath").text();
                environment.put(
                        variable.at("name").text(), field.equals("metadata.name") ? "rtm-locks-" + i : "10.0.0." + i);
            }
            for (Config config : config(environment)) {
                configs.add(config);
                String self =
                        "rtm-locks-" + i + "." + peers + ":" + config.cluster().port();
                expect(config.cluster().members().contains(self), self + " is no member");
                ports(container, config);
            }
            secretFiles(environment, container, Objects.requireNonNull(all.get("Secret rtm-locks")));
        }
        cluster(configs);
        probes(container);
        Tree service = all.getOrDefault("Service " + peers, new Tree(null)).at("spec");
        expect(service.at("clusterIP").text().equals("None"), "the service of the nodes is not headless");
        expect(
                service.at("publishNotReadyAddresses").text().equals("true"),
                "nodes that wait for each other have no name");
        expect(
                set.at("spec", "podManagementPolicy").text().equals("Parallel"),
                "the first node waits for the others alone");
        expect(
                all.get("PodDisruptionBudget rtm-locks") != null
                        && all.get("PodDisruptionBudget rtm-locks")
                                .at("spec", "maxUnavailable")
                                .text()
                                .equals("1"),
                "more than one node may be taken away");
        seconds(pod.at("terminationGracePeriodSeconds").text(), "the pod");
        List<String> arguments = new ArrayList<>(List.of("-jar", "rtm-locks.jar"));
        container.at("args").list().forEach(each -> arguments.add(String.valueOf(each)));
        command(arguments, "serve");
        return this;
    }

    private void ports(Tree container, Config config) {
        Map<String, Integer> ports = Map.of(
                "clients", config.http().port(),
                "management", config.management().port(),
                "cluster", config.cluster().port());
        for (Tree port : container.at("ports").items()) {
            String name = port.at("name").text();
            expect(
                    port.at("containerPort").text().equals(String.valueOf(ports.get(name))),
                    "the port " + name + " is " + ports.get(name));
        }
        expect(config.management().host().equals("0.0.0.0"), "the kubelet cannot ask for health");
    }

    private void secretFiles(Map<String, String> environment, Tree container, Tree secrets) {
        String mount =
                container.at("volumeMounts").items().get(0).at("mountPath").text() + "/";
        environment.forEach((name, value) -> expect(
                !name.endsWith("_FILE")
                        || (value.startsWith(mount)
                                && secrets.at("stringData").names().contains(value.substring(mount.length()))),
                name + " is no file of the secret: " + value));
    }

    private void probes(Tree container) {
        Map.of("startupProbe", "/health/started", "readinessProbe", "/health/ready", "livenessProbe", "/health/live")
                .forEach((probe, path) -> {
                    Tree http = container.at(probe, "httpGet");
                    expect(
                            http.at("path").text().equals(path),
                            probe + " asks " + http.at("path").text());
                    expect(http.at("port").text().equals("management"), probe + " asks another port");
                });
    }

    Packaging systemd(String unit, String environmentFile) {
        Map<String, String> environment = new HashMap<>();
        unit.lines()
                .filter(line -> line.startsWith("Environment="))
                .forEach(line -> put(environment, line.substring(12)));
        environmentFile.lines().filter(line -> line.matches("[A-Z].*")).forEach(line -> put(environment, line));
        config(environment)
                .forEach(config -> expect(
                        config.cluster()
                                .members()
                                .contains(config.cluster().host() + ":"
                                        + config.cluster().port()),
                        "this machine is no member"));
        String start = unit.lines()
                .filter(line -> line.startsWith("ExecStart="))
                .findFirst()
                .orElse("=");
        command(List.of(start.substring(start.indexOf('=') + 1).split(" ")), "serve");
        expect(unit.contains("\nUser=rtm-locks\n"), "it runs as root");
        expect(
                unit.contains("\nRestartPreventExitStatus=" + ExitStatus.BAD_CONFIGURATION + "\n"),
                "wrong settings start again and again");
        seconds(unit.replaceAll("(?s).*\nTimeoutStopSec=(\\d+)\n.*", "$1"), "the unit");
        return this;
    }

    private static void put(Map<String, String> environment, String assignment) {
        String[] parts = assignment.split("=", 2);
        environment.put(parts[0], parts[1]);
    }

    /** @return what the program makes of these variables, or nothing and its complaints among the findings */
    private List<Config> config(Map<String, String> environment) {
        Map<String, String> given = new HashMap<>(environment);
        given.replaceAll((name, value) -> name.endsWith("_FILE") ? secret.toString() : value);
        try {
            return List.of(Config.load(null, given));
        } catch (ConfigException e) {
            findings.addAll(e.problems());
            return List.of();
        }
    }

    private void cluster(List<Config> configs) {
        long names =
                configs.stream().map(config -> config.node().name()).distinct().count();
        expect(names == configs.size(), "two nodes have the same name");
        for (Config config : configs) {
            expect(config.cluster().size() == configs.size(), "cluster.size is not " + configs.size());
            expect(
                    config.cluster().members().equals(configs.get(0).cluster().members()),
                    "the nodes have other members");
            expect(
                    new HashSet<>(config.cluster().members()).size() == configs.size(),
                    "there are not as many members as nodes");
        }
    }

    private void seconds(String text, String what) {
        expect(
                text.matches("\\d+") && Integer.parseInt(text) > STOP_SECONDS,
                what + " is killed while it drains: " + text);
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            findings.add(otherwise);
        }
    }

    /** A part of a YAML file; a part that is not there is empty. */
    private record Tree(Object node) {
        Tree at(String... path) {
            Object found = node;
            for (String name : path) {
                found = found instanceof Map<?, ?> map ? map.get(name) : null;
            }
            return new Tree(found);
        }

        String text() {
            return node == null ? "" : String.valueOf(node);
        }

        List<?> list() {
            return node instanceof Iterable<?> all
                    ? StreamSupport.stream(all.spliterator(), false).toList()
                    : List.of();
        }

        List<Tree> items() {
            return list().stream().map(each -> new Tree(each)).toList();
        }

        Set<String> names() {
            return texts().keySet();
        }

        Map<String, String> texts() {
            Map<String, String> all = new HashMap<>();
            if (node instanceof Map<?, ?> map) {
                map.forEach((name, value) -> all.put(String.valueOf(name), String.valueOf(value)));
            }
            return all;
        }
    }
}
