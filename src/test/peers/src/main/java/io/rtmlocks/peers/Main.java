// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/**
 * {@code DRIVER [nodes=N]}: starts the driver's servers, says so in a line of JSON, then answers each window it is asked for by a line.
 * Standard output carries nothing else. {@code quit} or the end of input ends it, with its servers.
 */
public final class Main {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Main() {}

    public static void main(String[] arguments) {
        // What a client's library prints must not get between the answers.
        System.setOut(System.err);
        try {
            run(arguments);
            System.exit(0);
        } catch (MissingException e) {
            OUT.println("{\"missing\":" + quoted(e.getMessage()) + "}");
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            OUT.println("{\"error\":" + quoted(e.toString()) + "}");
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws IOException, InterruptedException, MissingException {
        if (arguments.length == 0 || arguments.length > 2) {
            throw new IllegalArgumentException("expected: DRIVER [nodes=N]");
        }
        Driver driver = Driver.named(arguments[0]);
        int nodes = arguments.length == 1 ? 1 : Integer.parseInt(arguments[1].replace("nodes=", ""));
        try (Peer peer = driver.start(nodes)) {
            OUT.println(ready(driver, peer));
            answerWindows(peer);
        }
    }

    private static String ready(Driver driver, Peer peer) {
        String servers = peer.servers().stream().map(String::valueOf).collect(Collectors.joining(","));
        return "{\"ready\":true,\"driver\":%s,\"servers\":[%s],\"client\":%s,\"server\":%s}"
                .formatted(quoted(driver.label()), servers, quoted(peer.client()), quoted(peer.server()));
    }

    private static void answerWindows(Peer peer) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            OUT.println(answer(peer, line));
        }
    }

    private static String answer(Peer peer, String line) {
        try {
            return Window.parse(line).run(peer).json();
        } catch (Exception e) {
            return "{\"error\":" + quoted(e.toString()) + "}";
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replaceAll("[\"\\\\\\p{Cntrl}]", " ") + "\"";
    }
}
