// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The build stops for each library that is older than the least that is safe. An older one cannot be had without a network, so
 * the least is raised instead, above what is in use: each rule must then find its library.
 */
class MinimumVersionsIT {
    private static final Pattern MINIMUM = Pattern.compile("<exclude>([\\w.*-]+):([\\w.*-]+):\\(,[\\w.]+\\)</exclude>");
    private static final Path RAISED = Path.of("target/minimum-versions.xml");

    @Test
    void build_stops_for_each_library_below_its_minimum() throws Exception {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> libraries = MINIMUM.matcher(pom)
                .results()
                .map(rule -> rule.group(1) + (rule.group(2).equals("*") ? "" : ":" + rule.group(2)))
                .toList();
        assertThat(libraries).hasSizeGreaterThanOrEqualTo(6);
        Files.writeString(RAISED, MINIMUM.matcher(pom).replaceAll("<exclude>$1:$2:(,9999)</exclude>"));

        Result raised = validate(RAISED);

        assertThat(raised.status).as(raised.output).isNotZero();
        assertThat(raised.output).contains("BannedDependencies");
        for (String library : libraries) {
            assertThat(raised.output).as("found by its rule").contains(library);
        }
    }

    private record Result(int status, String output) {}

    private static Result validate(Path pom) throws InterruptedException {
        List<String> line = new ArrayList<>(List.of("mvn", "-B", "-o", "-f", pom.toString(), "validate"));
        try {
            Process maven = new ProcessBuilder(line).redirectErrorStream(true).start();
            String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(maven.waitFor(), output);
        } catch (IOException e) {
            Assumptions.abort("there is no mvn to be called: " + e.getMessage());
            throw new IllegalStateException(e);
        }
    }
}
