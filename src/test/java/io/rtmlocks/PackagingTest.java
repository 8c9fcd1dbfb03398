// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of packaging fit the program: each setting, command, port, path and number of nodes in them is a real one. */
class PackagingTest {
    private static final Path CONF = Path.of("conf");

    @TempDir
    private Path directory;

    private Packaging packaging;

    @BeforeEach
    void makeSecret() throws IOException {
        packaging = new Packaging(
                Files.writeString(directory.resolve("secret"), "0123456789012345678901234567890123456789\n"));
    }

    @Test
    void dockerfile_fits() throws IOException {
        assertThat(packaging.dockerfile(read("docker/Dockerfile")).findings()).isEmpty();
    }

    @Test
    void compose_fits() throws IOException {
        assertThat(packaging.compose(read("docker/compose.yaml")).findings()).isEmpty();
    }

    @Test
    void kubernetes_fits() throws IOException {
        assertThat(packaging.kubernetes(read("kubernetes/rtm-locks.yaml")).findings())
                .isEmpty();
    }

    @Test
    void systemd_fits() throws IOException {
        assertThat(packaging
                        .systemd(read("systemd/rtm-locks.service"), read("systemd/rtm-locks.env"))
                        .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "docker/Dockerfile, RTM_HTTP_HOST, RTM_HTPP_HOST, no setting",
        "docker/Dockerfile, EXPOSE 8080, EXPOSE 80, not exposed",
        "docker/Dockerfile, USER 10001, USER root, root",
        "docker/Dockerfile, '\"serve\"', '\"start\"', does not serve",
        "docker/Dockerfile, '\"health\"]', '\"health\", \"--quiet\"]', does not know",
        "docker/Dockerfile, COPY web-demo, COPY demo, not there",
        "docker/Dockerfile, 'CMD [\"serve\"]', CMD serve, exec form",
        "docker/compose.yaml, RTM_NODE_NAME: node-b, RTM_NODE_NAME: node-a, same name",
        "docker/compose.yaml, '10.87.0.12:5701,', '', must be the number",
        "docker/compose.yaml, 8082:8080, 8082:8000, publishes",
        "docker/compose.yaml, /run/secrets/hmac, /run/secrets/hmac2, not given",
        "docker/compose.yaml, 25s, 10s, killed",
        "kubernetes/rtm-locks.yaml, replicas: 3, replicas: 4, no member",
        "kubernetes/rtm-locks.yaml, containerPort: 9080, containerPort: 9081, the port management",
        "kubernetes/rtm-locks.yaml, /health/ready, /ready, readinessProbe",
        "kubernetes/rtm-locks.yaml, secrets/cluster, secrets/other, no file of the secret",
        "kubernetes/rtm-locks.yaml, Parallel, OrderedReady, waits",
        "kubernetes/rtm-locks.yaml, RTM_CLUSTER_SIZE, RTM_CLUSTER_SISE, RTM_CLUSTER_SIZE",
        "systemd/rtm-locks.service, RTM_CLUSTER_SECRET_FILE, RTM_CLUSTER_SECRET_FIEL, no setting",
        "systemd/rtm-locks.service, serve -c, serve --conf, does not know",
        "systemd/rtm-locks.service, TimeoutStopSec=30, TimeoutStopSec=5, killed"
    })
    void what_does_not_fit_is_found(String file, String right, String wrong, String finding) throws IOException {
        String text = read(file);
        assertThat(text).contains(right);
        String changed = text.replace(right, wrong == null ? "" : wrong);

        switch (file) {
            case "docker/Dockerfile" -> packaging.dockerfile(changed);
            case "docker/compose.yaml" -> packaging.compose(changed);
            case "kubernetes/rtm-locks.yaml" -> packaging.kubernetes(changed);
            default -> packaging.systemd(changed, read("systemd/rtm-locks.env"));
        }

        assertThat(packaging.findings()).anyMatch(each -> each.contains(finding));
    }

    private static String read(String file) throws IOException {
        return Files.readString(CONF.resolve(file));
    }
}
