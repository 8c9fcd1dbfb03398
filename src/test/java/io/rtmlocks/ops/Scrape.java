// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} told at a moment. */
public record Scrape(String text, Map<String, String> types, Map<String, Double> series) {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SERIES = Pattern.compile("(\\w+(?:\\{.*\\})?) (\\S+)");

    public static Scrape of(int managementPort) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return parse(HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Scrape parse(String text) {
        Map<String, String> types = new TreeMap<>();
        Map<String, Double> series = new HashMap<>();
        text.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            Matcher value = SERIES.matcher(line);
            if (type.matches()) {
                types.put(type.group(1), type.group(2));
            } else if (!line.startsWith("#")) {
                assertThat(value.matches()).as(line).isTrue();
                series.put(value.group(1), Double.valueOf(value.group(2)));
            }
        });
        return new Scrape(text, types, series);
    }

    /** @param name with its labels as they are written there */
    public double value(String name) {
        Double value = series.get(name);
        if (value == null) {
            throw new AssertionError(name + " is not told");
        }
        return value;
    }

    /** The same, where what has never happened need not be told. */
    public double orZero(String name) {
        return series.getOrDefault(name, 0.0);
    }

    /** How much it has grown since; what was not there was 0. */
    double since(Scrape before, String name) {
        return value(name) - before.orZero(name);
    }
}
